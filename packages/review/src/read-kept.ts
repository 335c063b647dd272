import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { KEPT_FILE, type KeptFrame, parseKeptLine } from "./keep/kept-frame.ts";
import { SHOW_DAY } from "./keep/show-day.ts";

/** A kept frame with the day of its show. */
export interface ReviewFrame extends KeptFrame {
  /** YYYY-MM-DD; the whole day is one scene of the data set. */
  readonly day: string;
  /** The JPEG on the disk. */
  readonly path: string;
}

const MAX_DAYS = 400;
const MAX_KEPT_BYTES = 32 * 1024 * 1024;
/** What is looked through in one session. */
const MAX_FRAMES = 5_000;

/**
 * What was kept for review, oldest day first. Lines that a crash cut off and frames without a picture are left out.
 * @param only one day, YYYY-MM-DD; all where left out.
 * @throws UserError where nothing was kept.
 */
export async function readKept(reviewDir: string, only?: string): Promise<ReviewFrame[]> {
  const names = await readdir(reviewDir).catch(() => [] as string[]);
  const days = names.filter((name) => SHOW_DAY.test(name) && (only === undefined || name === only)).sort();
  const frames = new Map<string, ReviewFrame>();
  for (const day of days.slice(-MAX_DAYS)) {
    const dir = join(reviewDir, day);
    const present = new Set(await readdir(dir));
    for (const line of await readLines(join(dir, KEPT_FILE))) {
      const frame = parseKeptLine(line);
      if (!frame || !present.has(frame.file)) continue;
      frames.set(frame.id, { ...frame, day, path: join(dir, frame.file) });
    }
  }
  if (frames.size === 0) {
    throw new UserError(
      only && names.length > 0
        ? `${reviewDir} holds no frames of ${only}; there are: ${names.filter((name) => SHOW_DAY.test(name)).join(", ") || "none"}`
        : `${reviewDir} holds no frames yet: followspot up keeps some while a show runs`,
    );
  }
  return [...frames.values()].slice(-MAX_FRAMES);
}

async function readLines(file: string): Promise<string[]> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return [];
  if (found.size > MAX_KEPT_BYTES) throw new UserError(`${file} is too large to be what it should be`);
  return (await readFile(file, "utf8")).split("\n");
}
