import { readFile, stat } from "node:fs/promises";
import { isAbsolute, join, normalize } from "node:path";
import { UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { METADATA, type PictureEntry, parseMetadataLine } from "./metadata-line.ts";
import { type DecodedPicture, decodePicture } from "./picture.ts";

/** An entry with the place that it was read from. */
export interface DatasetPicture extends PictureEntry {
  /** The file on disk. */
  readonly path: string;
  /** metadata.jsonl:line, for messages. */
  readonly place: string;
}

export interface Dataset {
  readonly dir: string;
  /** In the order of metadata.jsonl. */
  readonly pictures: readonly DatasetPicture[];
  /** Every cast id that occurs, sorted; without "unknown". */
  readonly labels: readonly string[];
}

const MAX_METADATA_BYTES = 64 * 1024 * 1024;
const MAX_PICTURES = 100_000;

/**
 * Reads an imagefolder with metadata.jsonl. Looks that every picture file is there, decodes none.
 * @throws UserError naming file:line and field.
 */
export async function readDataset(dir: string): Promise<Dataset> {
  const file = join(dir, METADATA);
  const lines = (await readMetadata(file)).split("\n");
  const pictures: DatasetPicture[] = [];
  const placeOf = new Map<string, string>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const place = `${file}:${index + 1}`;
    if (pictures.length >= MAX_PICTURES) {
      throw new UserError(`${place}: a data set has at most ${MAX_PICTURES} pictures; split this one`);
    }
    const entry = parseMetadataLine(line, place);
    const inside = normalize(entry.fileName);
    if (isAbsolute(inside) || inside.startsWith("..")) {
      throw new UserError(`${place}: file_name: "${entry.fileName}" must lie inside the data set's folder`);
    }
    const earlier = placeOf.get(inside);
    if (earlier) throw new UserError(`${place}: file_name: "${entry.fileName}" is already in ${earlier}`);
    placeOf.set(inside, place);
    const path = join(dir, inside);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) {
      throw new UserError(`${place}: file_name: there is no picture ${path}; add it or remove the line`);
    }
    pictures.push({ ...entry, path, place });
  }
  if (pictures.length === 0) throw new UserError(`${file}: no pictures are listed; add one line a picture`);
  return { dir, pictures, labels: labelsOf(pictures) };
}

/** @throws UserError naming the line of the data set and the file. */
export async function decodeDatasetPicture(
  picture: DatasetPicture,
  options?: { readonly maxSide?: number },
): Promise<DecodedPicture> {
  const bytes = await readFile(picture.path);
  let decoded: DecodedPicture;
  try {
    decoded = await decodePicture(bytes, options);
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`${picture.place}: file_name: ${picture.path}: ${cause.message}`, { cause });
  }
  for (const [index, { box }] of (picture.objects ?? []).entries()) {
    const right = Math.min(box.left + box.width, decoded.sourceWidth);
    const bottom = Math.min(box.top + box.height, decoded.sourceHeight);
    if (right - Math.max(box.left, 0) < 1 || bottom - Math.max(box.top, 0) < 1) {
      throw new UserError(
        `${picture.place}: objects.bbox.${index}: the box lies outside the picture of ` +
          `${decoded.sourceWidth} x ${decoded.sourceHeight} pixels`,
      );
    }
  }
  return decoded;
}

async function readMetadata(file: string): Promise<string> {
  const found = await stat(file).catch(() => undefined);
  if (!found) {
    throw new UserError(`${file} is missing: list the pictures in it, one JSON object a line`);
  }
  if (found.size > MAX_METADATA_BYTES) {
    throw new UserError(`${file} has ${found.size} bytes, at most ${MAX_METADATA_BYTES} are allowed`);
  }
  return await readFile(file, "utf8");
}

function labelsOf(pictures: readonly PictureEntry[]): readonly string[] {
  const labels = new Set<string>();
  for (const { label, objects } of pictures) {
    labels.add(label);
    for (const object of objects ?? []) labels.add(object.label);
  }
  labels.delete(UNKNOWN_LABEL);
  return [...labels].sort();
}
