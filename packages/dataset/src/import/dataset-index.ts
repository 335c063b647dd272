import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { METADATA, parseMetadataLine, type PictureEntry } from "../metadata-line.ts";

/** The hash in the name of every picture that we add. */
const HASH_IN_NAME = /-([0-9a-f]{12})(?:-\d+)?\.(?:jpg|png)$/;

/**
 * Which pictures a data set has already, by content: by the hash of the original that a line names, or, where it
 * names none, by that of the picture itself. Reads metadata.jsonl again where somebody else has written into it.
 */
export class DatasetIndex {
  readonly #dir: string;
  readonly #originals = new Set<string>();
  readonly #hashedNames = new Map<string, string>();
  readonly #golden = new Map<string, PictureEntry>();
  #readLines = 0;
  #stamp = "";

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @throws UserError where a line is broken: nothing is added to a data set that cannot be read. */
  async refresh(): Promise<void> {
    const file = join(this.#dir, METADATA);
    const found = await stat(file).catch(() => undefined);
    const stamp = found ? `${found.size} ${found.mtimeMs} ${found.ino}` : "";
    if (stamp === this.#stamp) return;
    const lines = found ? (await readFile(file, "utf8")).split("\n") : [];
    // Lines are only ever added, except by hand: then everything is looked at again, which costs a second.
    for (const [index, line] of lines.entries()) {
      if (line.trim() !== "") await this.#add(line, `${file}:${index + 1}`);
    }
    this.#readLines = lines.length;
    this.#stamp = stamp;
  }

  get isEmpty(): boolean {
    return this.#readLines === 0;
  }

  get golden(): readonly PictureEntry[] {
    return [...this.#golden.values()];
  }

  hasOriginal(sha256: string): boolean {
    return this.#originals.has(sha256);
  }

  /** The file of the same bytes, where one of our naming is there. */
  async samePicture(sha256: string, bytes: Uint8Array): Promise<string | undefined> {
    const name = this.#hashedNames.get(sha256.slice(0, 12));
    if (name === undefined) return undefined;
    const there = await readFile(join(this.#dir, name)).catch(() => undefined);
    return there?.equals(bytes) ? name : undefined;
  }

  /** After the lines of these pictures were written by us. */
  async remember(lines: readonly string[]): Promise<void> {
    for (const line of lines) await this.#add(line, "a new line");
    const found = await stat(join(this.#dir, METADATA)).catch(() => undefined);
    this.#stamp = found ? `${found.size} ${found.mtimeMs} ${found.ino}` : "";
  }

  async #add(line: string, place: string): Promise<void> {
    const entry = parseMetadataLine(line, place);
    const { fileName, extra } = entry;
    if (entry.split === "golden") this.#golden.set(fileName, entry);
    const hash = HASH_IN_NAME.exec(fileName)?.[1];
    if (hash) this.#hashedNames.set(hash, fileName);
    const original = extra?.["original"] as { readonly sha256?: unknown } | null | undefined;
    if (typeof original?.sha256 === "string") this.#originals.add(original.sha256);
    else if (!hash) {
      const bytes = await readFile(join(this.#dir, fileName)).catch(() => undefined);
      if (bytes) this.#originals.add(sha256Of(bytes));
    }
  }
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
