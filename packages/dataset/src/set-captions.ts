import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { METADATA, type PictureEntry, parseMetadataLine } from "./metadata-line.ts";
import { replaceFile } from "./place-file.ts";
import { withColumns } from "./rewrite-line.ts";
import { withWriterLock } from "./writer-lock.ts";

export interface CaptionChange {
  readonly fileName: string;
  readonly caption: string;
  /** The hash of the line that the caption was written for. */
  readonly line: string;
}

export interface LineWritten {
  readonly fileName: string;
  /** The line as it was, byte for byte. */
  readonly text: string;
  readonly old: string | undefined;
  readonly caption: string | undefined;
  /** Hashes of the line. */
  readonly before: string;
  readonly after: string;
}

export interface SetCaptionsResult {
  readonly written: readonly LineWritten[];
  /** Whose line is not the one any more that the caption was written for, or is gone. */
  readonly changed: readonly string[];
}

/** Is told what is going to be written, while nobody else can write; where it fails, nothing is. */
export type BeforeWrite = (written: readonly LineWritten[]) => Promise<void>;

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
 * @throws UserError naming a line that is broken
 */
export async function setCaptions(
  datasetDir: string,
  changes: readonly CaptionChange[],
  beforeWrite?: BeforeWrite,
): Promise<SetCaptionsResult> {
  const wanted = new Map(
    changes.map(({ fileName, line, caption }) => [
      fileName,
      {
        line,
        next: (text: string, { caption: old }: PictureEntry) =>
          caption === old ? text : withColumns(text, { caption }),
      },
    ]),
  );
  return await changeLines(datasetDir, wanted, beforeWrite);
}

/** Puts a line back as it was before setCaptions, byte for byte, unless it has changed since. */
export async function restoreLine(
  datasetDir: string,
  { fileName, line, text }: { readonly fileName: string; readonly line: string; readonly text: string },
  beforeWrite?: BeforeWrite,
): Promise<SetCaptionsResult> {
  return await changeLines(datasetDir, new Map([[fileName, { line, next: () => text }]]), beforeWrite);
}

interface LineChange {
  /** The hash that the line must have. */
  readonly line: string;
  readonly next: (text: string, entry: PictureEntry) => string;
}

async function changeLines(
  datasetDir: string,
  wanted: ReadonlyMap<string, LineChange>,
  beforeWrite: BeforeWrite = async () => {},
): Promise<SetCaptionsResult> {
  const file = join(datasetDir, METADATA);
  return await withWriterLock(datasetDir, async () => {
    const written: LineWritten[] = [];
    const lines = (await readFile(file, "utf8")).split("\n").map((text, index) => {
      if (text.trim() === "") return text;
      const place = `${file}:${index + 1}`;
      const entry = parseMetadataLine(text, place);
      const change = wanted.get(entry.fileName);
      const before = metadataLineHash(text);
      if (change === undefined || change.line !== before) return text;
      const next = change.next(text, entry);
      written.push({
        fileName: entry.fileName,
        text,
        old: entry.caption,
        caption: parseMetadataLine(next, place).caption,
        before,
        after: metadataLineHash(next),
      });
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
