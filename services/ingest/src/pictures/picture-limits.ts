import { PictureRefused } from "./drop-reasons.ts";

/** Checked before anything is decoded. A phone's 48-megapixel photograph passes. */
export interface PictureLimits {
  readonly maxBytes: number;
  readonly maxPixels: number;
}

export const PICTURE_LIMITS: PictureLimits = { maxBytes: 50_000_000, maxPixels: 50_000_000 };

/** @throws PictureRefused */
export function refuseTooManyBytes(bytes: number, { maxBytes }: PictureLimits): void {
  if (bytes > maxBytes) {
    throw new PictureRefused(
      "too-many-bytes",
      `the picture has ${Math.ceil(bytes / 1e6)} MB, more than the ${maxBytes / 1e6} MB that are taken`,
    );
  }
}

/** @throws PictureRefused */
export function refuseTooManyPixels(width: number, height: number, { maxPixels }: PictureLimits): void {
  if (width * height > maxPixels) {
    throw new PictureRefused(
      "too-many-pixels",
      `the picture has ${width} x ${height} pixels, more than the ${maxPixels / 1e6} million that are taken: make it smaller`,
    );
  }
}
