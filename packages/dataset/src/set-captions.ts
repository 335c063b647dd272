import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { METADATA, parseMetadataLine } from "./metadata-line.ts";
import { replaceFile } from "./place-file.ts";
import { withColumns } from "./rewrite-line.ts";
import { withWriterLock } from "./writer-lock.ts";

export interface CaptionChange {
  readonly fileName: string;
  readonly caption: string;
  /** The hash of the line that the caption was written for. */
  readonly line: string;
}

export interface CaptionWritten {
  readonly fileName: string;
  readonly old: string | undefined;
  readonly caption: string;
  /** Hashes of the line. */
  readonly before: string;
  readonly after: string;
}

export interface SetCaptionsResult {
  readonly written: readonly CaptionWritten[];
  /** Whose line is not the one any more that the caption was written for, or is gone. */
  readonly changed: readonly string[];
}

/** What a picture's line is known by: its bytes, without the space around them. */
export function metadataLineHash(line: string): string {
  return createHash("sha256").update(line.trim()).digest("hex");
}

/** The lines of metadata.jsonl, by the file that each is of. @throws UserError naming the first line that is broken */
export async function readMetadataLines(datasetDir: string): Promise<ReadonlyMap<string, string>> {
  const file = join(datasetDir, METADATA);
  const lines = new Map<string, string>();
  for (const [index, line] of (await readFile(file, "utf8")).split("\n").entries()) {
    if (line.trim() === "") continue;
    lines.set(parseMetadataLine(line, `${file}:${index + 1}`).fileName, line);
  }
  return lines;
}

/**
 * Writes captions into metadata.jsonl, in one step; every other column and every other line stays as it is. A picture
 * whose line has changed meanwhile is left alone.
 * @param beforeWrite is told what is going to be written, while nobody else can write; where it fails nothing is.
 * @throws UserError naming a line that is broken
 */
export async function setCaptions(
  datasetDir: string,
  changes: readonly CaptionChange[],
  beforeWrite: (written: readonly CaptionWritten[]) => Promise<void> = async () => {},
): Promise<SetCaptionsResult> {
  const file = join(datasetDir, METADATA);
  const wanted = new Map(changes.map((change) => [change.fileName, change]));
  return await withWriterLock(datasetDir, async () => {
    const written: CaptionWritten[] = [];
    const lines = (await readFile(file, "utf8")).split("\n").map((line, index) => {
      if (line.trim() === "") return line;
      const { fileName, caption: old } = parseMetadataLine(line, `${file}:${index + 1}`);
      const change = wanted.get(fileName);
      const before = metadataLineHash(line);
      if (change === undefined || change.line !== before) return line;
      const next = change.caption === old ? line : withColumns(line, { caption: change.caption });
      written.push({ fileName, old, caption: change.caption, before, after: metadataLineHash(next) });
      return next;
    });
    await beforeWrite(written);
    if (written.some(({ before, after }) => before !== after)) {
      await replaceFile(datasetDir, METADATA, lines.join("\n"));
    }
    const done = new Set(written.map(({ fileName }) => fileName));
    return { written, changed: [...wanted.keys()].filter((fileName) => !done.has(fileName)) };
  });
}
