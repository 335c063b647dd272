import { mkdir, open, readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "@followspot/domain";
import type { z } from "zod";

const MAX_BYTES = 256 * 1024 * 1024;

/**
 * A file that only grows, one JSON object a line. Each line is on the disk before `append` returns; one that a crash
 * cut off is passed by when it is read, and does not swallow the next.
 */
export class JsonLines<T> {
  readonly path: string;
  readonly #schema: z.ZodType<T>;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(path: string, schema: z.ZodType<T>) {
    this.path = path;
    this.#schema = schema;
  }

  /** In the order in which they were written. @throws UserError where the file is too large to be one of these. */
  async read(): Promise<T[]> {
    const found = await stat(this.path).catch(() => undefined);
    if (!found) return [];
    if (found.size > MAX_BYTES)
      throw new UserError(`${this.path} is too large to be what it should be: move it away`);
    const text = await readFile(this.path, "utf8");
    return text.split("\n").flatMap((line) => this.#parse(line));
  }

  /** Several at once are written one after another. */
  append(values: readonly T[]): Promise<void> {
    const written = this.#busy.then(() => this.#write(values));
    this.#busy = written.catch(() => {});
    return written;
  }

  async #write(values: readonly T[]): Promise<void> {
    if (values.length === 0) return;
    await mkdir(dirname(this.path), { recursive: true });
    const file = await open(this.path, "a+");
    try {
      const { size } = await file.stat();
      const last = Buffer.alloc(1);
      const torn = size > 0 && (await file.read(last, 0, 1, size - 1)).bytesRead === 1 && last[0] !== 0x0a;
      await file.appendFile(
        `${torn ? "\n" : ""}${values.map((value) => JSON.stringify(value)).join("\n")}\n`,
      );
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  #parse(line: string): T[] {
    try {
      const parsed = this.#schema.safeParse(JSON.parse(line));
      return parsed.success ? [parsed.data] : [];
    } catch {
      return [];
    }
  }
}
