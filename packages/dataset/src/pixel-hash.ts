import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { UserError } from "@followspot/domain";
import { decodePicture, type Picture } from "./picture.ts";
import type { PixelHashCache } from "./pixel-hash-cache.ts";
import type { DatasetPicture } from "./read-dataset.ts";

/** Larger than any side that is decoded: the picture is hashed at its own size. */
export const FULL_SIZE = 65_535;

/** SHA-256 of size and pixels, 64 hexadecimal digits: the same for one picture saved as PNG, TIFF or lossless WebP. */
export function hashPixels({ rgb, width, height }: Picture): string {
  return createHash("sha256").update(`${width}x${height}\n`).update(rgb).digest("hex");
}

/**
 * The hash of the upright, decoded pixels of a picture of a data set, from the cache where the file is as it was.
 * @throws UserError naming the line of the data set and the file where it cannot be decoded.
 */
export async function hashDatasetPicture(
  { fileName, path, place }: DatasetPicture,
  cache?: PixelHashCache,
): Promise<string> {
  // Measured before it is read: a file that changes meanwhile is decoded again next time.
  const file = await stat(path, { bigint: true });
  const known = cache?.get(fileName, file);
  if (known) return known;
  try {
    const pixels = hashPixels(await decodePicture(await readFile(path), { maxSide: FULL_SIZE }));
    cache?.set(fileName, file, pixels);
    return pixels;
  } catch (cause) {
    if (!(cause instanceof UserError)) throw cause;
    throw new UserError(`${place}: file_name: ${path}: ${cause.message}`, { cause });
  }
}
