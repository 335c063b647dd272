import { readFile, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { UserError } from "@followspot/domain";
import { cleanText } from "../chat/clean-text.ts";

const MAX_BYTES = 4_000_000;
export const BIBLE_FILE = "bible.md";

/** The show bible: what the company has written down about the show, paragraph by paragraph. */
export interface Bible {
  /** For messages. */
  readonly file: string;
  readonly paragraphs: readonly string[];
}

/**
 * Reads the file that is named, else the show folder's bible.md where there is one.
 * @throws UserError where the file that was named cannot be read, or either is no text.
 */
export async function readBible(showDir: string, named?: string): Promise<Bible | undefined> {
  const path = named ?? join(showDir, BIBLE_FILE);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) {
    if (named === undefined) return undefined;
    throw new UserError(`--bible: there is no file ${path}`);
  }
  if (found.size > MAX_BYTES) {
    throw new UserError(
      `${path} has ${found.size} bytes, at most ${MAX_BYTES} are read: give the chapters that say who is who`,
    );
  }
  const text = await readFile(path, "utf8");
  if (text.includes("\u0000") || text.includes("\ufffd")) {
    throw new UserError(`${path} is not text in UTF-8: save the bible as plain text or Markdown`);
  }
  const paragraphs = text.split(/\n[ \t]*\n/).map(cleanText);
  return { file: basename(path), paragraphs: paragraphs.filter((paragraph) => paragraph !== "") };
}

export interface FittedBible {
  readonly text: string;
  /** What was left out, as a sentence; undefined where nothing was. */
  readonly leftOut: string | undefined;
}

/** As much of the bible as fits, from its beginning, in whole paragraphs. */
export function fitBible({ file, paragraphs }: Bible, roomTokens: number): FittedBible {
  let used = 0;
  let kept = 0;
  for (; kept < paragraphs.length; kept++) {
    used += tokensOf(paragraphs[kept] as string);
    if (used > roomTokens) break;
  }
  const rest = paragraphs.length - kept;
  const first = paragraphs[kept];
  return {
    text: paragraphs.slice(0, kept).join("\n"),
    leftOut:
      first === undefined
        ? undefined
        : `the last ${rest} of the ${paragraphs.length} paragraphs of ${file} do not fit into the model's context and were left out, from ${JSON.stringify(beginningOf(first))} on`,
  };
}

const BEGINNING = 40;

function beginningOf(text: string): string {
  return text.length > BEGINNING ? `${text.slice(0, BEGINNING)}...` : text;
}

/** English has about four characters a token; three leave room for what is harder to cut. */
const BYTES_PER_TOKEN = 3;

/** About how many tokens a text takes, rather more than fewer. Each paragraph's end is one more. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN) + 1;
}
