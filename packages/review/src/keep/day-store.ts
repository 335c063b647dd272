import { appendFile, mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type DifferenceHash, hashDistance } from "@followspot/dataset";
import { KEPT_FILE, type KeptFrame, parseKeptLine } from "./kept-frame.ts";
import { type KeepLimits, Quotas } from "./quotas.ts";

/** Of 64 bits: crops of one shot, a moment apart. */
const NEAR = 6;
/** A day's lines; the quotas keep it far below. */
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

/** One day's kept frames on the disk, with what is needed to refuse more of the same. */
export class DayStore {
  readonly day: string;
  readonly quotas: Quotas;
  readonly #dir: string;
  readonly #hashes: { readonly guess: string; readonly hash: DifferenceHash }[] = [];

  private constructor(dir: string, day: string, limits: KeepLimits) {
    this.#dir = join(dir, day);
    this.day = day;
    this.quotas = new Quotas(limits);
  }

  /** Goes on where an earlier process stopped. @throws Error where the disk does not let it. */
  static async open(dir: string, day: string, limits: KeepLimits): Promise<DayStore> {
    const store = new DayStore(dir, day, limits);
    await mkdir(store.#dir, { recursive: true });
    const file = join(store.#dir, KEPT_FILE);
    const size = await stat(file).then(
      (found) => found.size,
      () => 0,
    );
    if (size > MAX_KEPT_BYTES) throw new Error(`${file} is too large to be what it should be`);
    const text = size > 0 ? await readFile(file, "utf8") : "";
    // A line that a crash cut off must not swallow the next one.
    if (text && !text.endsWith("\n")) await appendFile(file, "\n");
    for (const line of text.split("\n")) {
      const frame = parseKeptLine(line);
      if (!frame) continue;
      const bytes = await stat(join(store.#dir, frame.file)).then(
        (found) => found.size,
        () => 0,
      );
      store.#remember(frame, bytes);
    }
    return store;
  }

  /** Whether something that looks much the same was kept for the same guess. */
  hasNear(guess: string, hash: DifferenceHash): boolean {
    return this.#hashes.some((kept) => kept.guess === guess && hashDistance(kept.hash, hash) <= NEAR);
  }

  /** The picture first: a line always has its picture. @throws Error where the disk is full or gone. */
  async add(frame: KeptFrame, jpeg: Uint8Array): Promise<void> {
    await writeFile(join(this.#dir, frame.file), jpeg);
    await appendFile(join(this.#dir, KEPT_FILE), `${JSON.stringify(frame)}\n`);
    this.#remember(frame, jpeg.byteLength);
  }

  #remember({ guess, hash, capturedAtMs }: KeptFrame, bytes: number): void {
    this.quotas.add(guess, bytes, capturedAtMs);
    this.#hashes.push({ guess, hash });
  }
}
