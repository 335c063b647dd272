import { appendFile, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { z } from "zod";

/** The file in a models folder that says which models were in force, and since when: one JSON object a line. */
const HISTORY = "history.jsonl";
/** Some ten thousand lines. */
const MAX_HISTORY_BYTES = 4 * 1024 * 1024;

const Entry = z.object({
  /** When it came into force, ISO 8601. */
  at: z.string().max(40),
  version: z.string().regex(/^[0-9a-f]{12}$/),
  why: z.enum(["trained", "forced", "rolled-back"]),
});

/** A model came into force: by training, in spite of a worse golden set, or because somebody went back to it. */
export type HistoryEntry = z.infer<typeof Entry>;

export async function appendHistory(modelsDir: string, entry: HistoryEntry): Promise<void> {
  await appendFile(join(modelsDir, HISTORY), `${JSON.stringify(entry)}\n`);
}

/** Oldest first; a line that a crash cut off is left out. @throws UserError where the file is too large. */
export async function readHistory(modelsDir: string): Promise<HistoryEntry[]> {
  const path = join(modelsDir, HISTORY);
  const found = await stat(path).catch(() => undefined);
  if (!found) return [];
  if (found.size > MAX_HISTORY_BYTES) throw new UserError(`${path} is too large to be what it should be`);
  const text = await readFile(path, "utf8");
  return text.split("\n").flatMap((line) => {
    const entry = Entry.safeParse(parseJson(line));
    return entry.success ? [entry.data] : [];
  });
}

/**
 * The versions that one can go back to step by step, newest last. Whoever has gone back from C to B goes back to A
 * next, not to C: going back takes off what lies above.
 * @param current the version in force, where history has missed it.
 */
export function versionsInForce(
  history: readonly Pick<HistoryEntry, "version" | "why">[],
  current?: string,
): string[] {
  const versions: string[] = [];
  for (const { version, why } of history) {
    const at = versions.lastIndexOf(version);
    if (why === "rolled-back" && at >= 0) versions.length = at + 1;
    else if (versions.at(-1) !== version) versions.push(version);
  }
  if (current !== undefined && versions.at(-1) !== current) versions.push(current);
  return versions;
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
