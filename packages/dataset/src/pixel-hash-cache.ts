import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { z } from "zod";

export const PIXEL_HASH_CACHE = ".followspot-cache.json";
const MAX_CACHE_BYTES = 64 * 1024 * 1024;

const Cache = z.object({
  decoder: z.string(),
  pixels: z.record(z.string(), z.tuple([z.string(), z.string().regex(/^[0-9a-f]{64}$/)])),
});

/** What tells that a file is still the one that was hashed; of `stat` with `bigint`. */
export interface FileState {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
}

/**
 * Hashes of decoded pixels, kept beside a data set so that only changed pictures are decoded again. Nothing depends on
 * it: where it is missing, broken, of another decoder or in a folder that cannot be written, everything is decoded.
 */
export class PixelHashCache {
  readonly #file: string;
  readonly #pixels: Map<string, readonly [state: string, hash: string]>;
  #changed = false;

  private constructor(file: string, pixels: Iterable<[string, readonly [string, string]]>) {
    this.#file = file;
    this.#pixels = new Map(pixels);
  }

  static async open(datasetDir: string): Promise<PixelHashCache> {
    const file = join(datasetDir, PIXEL_HASH_CACHE);
    try {
      const { size } = await stat(file);
      if (size > MAX_CACHE_BYTES) return new PixelHashCache(file, []);
      const cache = Cache.parse(JSON.parse(await readFile(file, "utf8")));
      return new PixelHashCache(file, cache.decoder === decoder() ? Object.entries(cache.pixels) : []);
    } catch {
      return new PixelHashCache(file, []);
    }
  }

  get(fileName: string, state: FileState): string | undefined {
    const known = this.#pixels.get(fileName);
    return known?.[0] === textOf(state) ? known[1] : undefined;
  }

  set(fileName: string, state: FileState, hash: string): void {
    this.#pixels.set(fileName, [textOf(state), hash]);
    this.#changed = true;
  }

  /** Writes what is still needed, whole or not at all. A folder that cannot be written is no failure. */
  async save(fileNames: Iterable<string>): Promise<void> {
    const pixels: Record<string, readonly [string, string]> = Object.create(null);
    let kept = 0;
    for (const name of fileNames) {
      const known = this.#pixels.get(name);
      if (known) pixels[name] = known;
      kept += known ? 1 : 0;
    }
    if (!this.#changed && kept === this.#pixels.size) return;
    const draft = `${this.#file}.${process.pid}.tmp`;
    try {
      await writeFile(draft, JSON.stringify({ decoder: decoder(), pixels }));
      await rename(draft, this.#file);
    } catch {
      await rm(draft, { force: true }).catch(() => {});
    }
  }
}

/** Another decoder may round differently. */
function decoder(): string {
  return `1 vips ${sharp.versions.vips} sharp ${sharp.versions["sharp"] ?? "?"}`;
}

function textOf({ size, mtimeNs, ctimeNs }: FileState): string {
  return `${size}-${mtimeNs}-${ctimeNs}`;
}
