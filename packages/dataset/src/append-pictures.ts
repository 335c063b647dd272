import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { appendLines } from "./append-lines.ts";
import { fileSlug } from "./file-slug.ts";
import {
  formatMetadataLine,
  type LabelledBox,
  METADATA,
  parseMetadataLine,
  type Split,
} from "./metadata-line.ts";
import { placeFile, sweepTemporaries, syncFiles } from "./place-file.ts";
import { withWriterLock } from "./writer-lock.ts";

export interface PictureAddition {
  /** An upright JPEG or PNG file without anything private in it; kept as it is. */
  readonly bytes: Uint8Array;
  /** Becomes part of the file's name; "/" makes folders. */
  readonly suggestedName: string;
  readonly kind: "character" | "prop" | "unknown";
  /** The cast id of the subject, or "unknown". */
  readonly label: string;
  readonly scene?: string | undefined;
  readonly caption?: string | undefined;
  readonly split?: Split | undefined;
  readonly objects?: readonly LabelledBox[] | undefined;
  /** Further columns of the line, for example where the picture comes from. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Adds pictures to a data set, all or none of their lines, whoever else writes or reads at the time. Makes the
 * folder where there is none. A picture that was added before under the same name and label adds nothing.
 * @returns the file names, in order, relative to the data set's folder.
 * @throws UserError where a picture is no JPEG or PNG, or a line would not be valid: then nothing is added.
 */
export async function appendPictures(
  datasetDir: string,
  additions: readonly PictureAddition[],
): Promise<string[]> {
  const wanted = additions.map((addition) => ({ addition, fileName: fileNameOf(addition) }));
  for (const { addition, fileName } of wanted) lineOf(addition, fileName);
  return await withWriterLock(datasetDir, async () => {
    await sweepTemporaries(datasetDir);
    const subjects = await readSubjects(datasetDir);
    const lines: string[] = [];
    const names: string[] = [];
    for (const { addition, fileName } of wanted) {
      const subject = `${addition.kind}/${addition.label}`;
      const name = await placeFile(datasetDir, fileName, addition.bytes, (taken) => {
        return (subjects.get(taken) ?? subject) === subject;
      });
      names.push(name);
      if (subjects.has(name)) continue;
      subjects.set(name, subject);
      lines.push(lineOf(addition, name));
    }
    await syncFiles(datasetDir, names);
    await appendLines(datasetDir, lines);
    return names;
  });
}

function lineOf(addition: PictureAddition, fileName: string): string {
  const line = formatMetadataLine({ ...addition, fileName });
  parseMetadataLine(line, `the line for ${fileName}`);
  return line;
}

function fileNameOf({ bytes, suggestedName }: PictureAddition): string {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  return `${fileSlug(suggestedName)}-${hash}.${extensionOf(bytes, suggestedName)}`;
}

function extensionOf(bytes: Uint8Array, name: string): "jpg" | "png" {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "jpg";
  if (bytes[0] === 0x89 && bytes[1] === 0x50 && bytes[2] === 0x4e && bytes[3] === 0x47) return "png";
  throw new UserError(
    `${name}: only JPEG and PNG pictures can be added to a data set; save it as one of them`,
  );
}

/** Whose picture each file is, by the lines that are there. */
async function readSubjects(datasetDir: string): Promise<Map<string, string>> {
  const file = join(datasetDir, METADATA);
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const subjects = new Map<string, string>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const { fileName, kind, label } = parseMetadataLine(line, `${file}:${index + 1}`);
    subjects.set(fileName, `${kind}/${label}`);
  }
  return subjects;
}
