import sharp from "sharp";
import { decodeProblem } from "./decode-problem.ts";

/** Cells a side. A cell of a 640 x 360 picture is 20 x 11 pixels: smaller than a prop held up to the audience. */
export const THUMBNAIL_SIDE = 32;
export const THUMBNAIL_CELLS = THUMBNAIL_SIDE * THUMBNAIL_SIDE;

/** Mean brightness of each cell, 0 to 255, row by row. */
export type LumaThumbnail = Float32Array;

/**
 * Shrinks a picture to its brightness in 32 x 32 cells. Reads every byte of the picture on the way, though at an
 * eighth of its size, so that one that ends too early is noticed. @throws PictureRefused
 */
export async function lumaThumbnail(jpeg: Uint8Array, maxPixels: number): Promise<LumaThumbnail> {
  const { data, info } = await sharp(jpeg, { limitInputPixels: maxPixels, failOn: "truncated" })
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: "fill" })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw decodeProblem(error);
    });
  return toLuma(data, info.channels);
}

/** BT.601, as JPEG has it. In floating point, which keeps half a level that rounding would lose in a dark scene. */
function toLuma(pixels: Uint8Array, channels: number): LumaThumbnail {
  const luma = new Float32Array(THUMBNAIL_CELLS);
  for (let cell = 0; cell < THUMBNAIL_CELLS; cell += 1) {
    const at = cell * channels;
    const red = pixels[at] as number;
    luma[cell] =
      channels < 3
        ? red
        : 0.299 * red + 0.587 * (pixels[at + 1] as number) + 0.114 * (pixels[at + 2] as number);
  }
  return luma;
}

/** 0 (black) to 1. */
export function meanLight(thumbnail: LumaThumbnail): number {
  let sum = 0;
  for (const luma of thumbnail) sum += luma;
  return Math.min(1, sum / thumbnail.length / 255);
}
