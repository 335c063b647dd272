import { mkdir, open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "@followspot/domain";
import { z } from "zod";
import { type Answer, AnswerSchema } from "./answer.ts";

const id = z.string().min(1).max(120);
const who = z.string().max(100);
const at = z.string().max(40);

const Entry = z.union([
  z.object({ id, answer: AnswerSchema, who, at }),
  z.object({ undo: id, who, at }),
  z.object({ accepted: z.array(id).max(10_000), who, at }),
]);
type Entry = z.infer<typeof Entry>;

export interface GivenAnswer {
  readonly id: string;
  readonly answer: Answer;
  readonly who: string;
  /** ISO 8601. */
  readonly at: string;
  /** Whether it has gone into the data set, or was found to have no place there: then it stands. */
  readonly accepted: boolean;
}

const MAX_JOURNAL_BYTES = 32 * 1024 * 1024;

/**
 * Every answer that was given, one line each, on the disk before the next question is asked. The last answer about a
 * frame counts. Several people may answer at once: each sees what the others wrote.
 */
export class AnswerJournal {
  readonly #path: string;
  readonly #who: string;
  readonly #now: () => Date;
  /** In the order in which they were given. */
  #answers = new Map<string, GivenAnswer>();
  #readBytes = -1;

  constructor(path: string, options: { readonly who: string; readonly now?: () => Date }) {
    this.#path = path;
    this.#who = options.who;
    this.#now = options.now ?? (() => new Date());
  }

  /** @throws UserError where the file is too large to be a journal. */
  async answers(): Promise<ReadonlyMap<string, GivenAnswer>> {
    const size = await stat(this.#path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > MAX_JOURNAL_BYTES) throw new UserError(`${this.#path} is too large to be what it should be`);
    if (size === this.#readBytes) return this.#answers;
    const text = size > 0 ? await readFile(this.#path, "utf8") : "";
    this.#answers = replay(text.split("\n").flatMap((line) => parseEntry(line) ?? []));
    this.#readBytes = Buffer.byteLength(text);
    return this.#answers;
  }

  async give(frame: string, answer: Answer): Promise<void> {
    await this.#append({ id: frame, answer, ...this.#signature() });
  }

  /** Takes the last answer back that has not gone into the data set. Undefined where there is none. */
  async undo(): Promise<string | undefined> {
    const last = [...(await this.answers()).values()].findLast(({ accepted }) => !accepted);
    if (!last) return undefined;
    await this.#append({ undo: last.id, ...this.#signature() });
    return last.id;
  }

  async accept(frames: readonly string[]): Promise<void> {
    await this.#append({ accepted: [...frames], ...this.#signature() });
  }

  #signature(): { readonly who: string; readonly at: string } {
    return { who: this.#who, at: this.#now().toISOString() };
  }

  async #append(entry: Entry): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true });
    const file = await open(this.#path, "a+");
    try {
      const { size } = await file.stat();
      // A line that a crash cut off must not swallow this one.
      const torn =
        size > 0 &&
        (await file.read({ position: size - 1, length: 1, buffer: Buffer.alloc(1) })).buffer[0] !== 10;
      await file.appendFile(`${torn ? "\n" : ""}${JSON.stringify(entry)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }
}

function replay(entries: readonly Entry[]): Map<string, GivenAnswer> {
  const answers = new Map<string, GivenAnswer>();
  for (const entry of entries) {
    if ("undo" in entry) {
      if (!answers.get(entry.undo)?.accepted) answers.delete(entry.undo);
    } else if ("accepted" in entry) {
      for (const frame of entry.accepted) {
        const given = answers.get(frame);
        if (given) answers.set(frame, { ...given, accepted: true });
      }
    } else if (!answers.get(entry.id)?.accepted) {
      // Once more at the end: undo takes back what was said last.
      answers.delete(entry.id);
      answers.set(entry.id, { ...entry, accepted: false });
    }
  }
  return answers;
}

function parseEntry(line: string): Entry | undefined {
  try {
    const parsed = Entry.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
