import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { type DatasetPicture, parseMetadataLine } from "@followspot/dataset";
import { UserError } from "@followspot/domain";
import type { Finding } from "./finding.ts";

const MAX_METADATA_BYTES = 64 * 1024 * 1024;
const MAX_PICTURES = 100_000;

/**
 * Reads metadata.jsonl as readDataset does, but goes on after a bad line: a check tells all of them.
 * @throws UserError where there is no data set at all.
 */
export async function readLines(
  dir: string,
): Promise<{ readonly pictures: readonly DatasetPicture[]; readonly findings: readonly Finding[] }> {
  const file = join(dir, "metadata.jsonl");
  const found = await stat(file).catch(() => undefined);
  if (!found) throw new UserError(`${file} is missing: list the pictures in it, one JSON object a line`);
  if (found.size > MAX_METADATA_BYTES) {
    throw new UserError(`${file} has ${found.size} bytes, at most ${MAX_METADATA_BYTES} are allowed`);
  }
  const pictures: DatasetPicture[] = [];
  const findings: Finding[] = [];
  const placeOf = new Map<string, string>();
  for (const [index, line] of (await readFile(file, "utf8")).split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = `${file}:${index + 1}`;
    if (pictures.length >= MAX_PICTURES) {
      throw new UserError(`${place}: a data set has at most ${MAX_PICTURES} pictures; split this one`);
    }
    try {
      const picture = await readOne(dir, line, place);
      const earlier = placeOf.get(normalize(picture.fileName));
      if (earlier) {
        throw new UserError(
          `${place}: file_name: "${picture.fileName}" is already in ${earlier}; remove one line`,
        );
      }
      placeOf.set(normalize(picture.fileName), place);
      pictures.push(picture);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      findings.push({ check: "metadata", severity: "error", message: error.message, pictures: [], place });
    }
  }
  if (pictures.length === 0 && findings.length === 0) {
    throw new UserError(`${file}: no pictures are listed; add one line a picture`);
  }
  return { pictures, findings };
}

async function readOne(dir: string, line: string, place: string): Promise<DatasetPicture> {
  const entry = parseMetadataLine(line, place);
  const inside = normalize(entry.fileName);
  if (isAbsolute(inside) || inside.startsWith("..")) {
    throw new UserError(`${place}: file_name: "${entry.fileName}" must lie inside the data set's folder`);
  }
  const path = join(dir, inside);
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { ...entry, path, place };
  throw new UserError(`${place}: file_name: there is no picture ${path}; add it or remove the line`);
}
