import { mkdir, open, stat } from "node:fs/promises";
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
  #reading: Promise<unknown> = Promise.resolve();
  #lines: readonly T[] = [];
  #readBytes = 0;

  constructor(path: string, schema: z.ZodType<T>) {
    this.path = path;
    this.#schema = schema;
  }

  /**
   * In the order in which they were written; what was read before is not read again.
   * @throws UserError where the file is too large to be one of these.
   */
  read(): Promise<readonly T[]> {
    // One after another: two at once would both take what is new.
    const lines = this.#reading.then(() => this.#read());
    this.#reading = lines.catch(() => {});
    return lines;
  }

  async #read(): Promise<readonly T[]> {
    const size = await stat(this.path).then(
      (found) => found.size,
      () => 0,
    );
    if (size > MAX_BYTES) {
      throw new UserError(`${this.path} is too large to be what it should be: move it away`);
    }
    // Somebody has put another file in its place.
    if (size < this.#readBytes) [this.#lines, this.#readBytes] = [[], 0];
    if (size === this.#readBytes) return this.#lines;
    const text = (await readFrom(this.path, this.#readBytes, size)).toString("latin1");
    // A line without its end may still be in the making.
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    const lines = Buffer.from(whole, "latin1").toString("utf8").split("\n");
    this.#lines = [...this.#lines, ...lines.flatMap((line) => this.#parse(line))];
    this.#readBytes += whole.length;
    return this.#lines;
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

async function readFrom(path: string, start: number, end: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const bytes = Buffer.alloc(end - start);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}
