import sharp from "sharp";
import { decodeProblem } from "./decode-problem.ts";
import { type LumaBlocks, readLumaBlocks } from "./jpeg-luma.ts";

/** Cells a side. A cell of a 640 x 360 picture is 20 x 11 pixels: smaller than a prop held up to the audience. */
export const THUMBNAIL_SIDE = 32;
export const THUMBNAIL_CELLS = THUMBNAIL_SIDE * THUMBNAIL_SIDE;

/** Mean brightness of each cell, 0 to 255, row by row. */
export type LumaThumbnail = Float32Array;

/** Above, reading the scan would keep this process from its other cameras for too long; a library's thread does it. */
const MAX_OWN_BYTES = 256 * 1_024;

/**
 * Shrinks a JPEG to its brightness in 32 x 32 cells. Every byte of the picture is read on the way, so that one that ends
 * too early is noticed. @throws PictureRefused
 */
export async function lumaThumbnail(jpeg: Uint8Array, maxPixels: number): Promise<LumaThumbnail> {
  const blocks = jpeg.length <= MAX_OWN_BYTES ? readLumaBlocks(jpeg) : undefined;
  return blocks ? toCells(blocks) : await shrunk(jpeg, maxPixels);
}

/** Any JPEG, by the library. @throws PictureRefused */
export async function shrunk(jpeg: Uint8Array, maxPixels: number): Promise<LumaThumbnail> {
  const { data, info } = await sharp(jpeg, { limitInputPixels: maxPixels, failOn: "truncated" })
    .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: "fill" })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw decodeProblem(error);
    });
  return toLuma(data, info.channels);
}

/** Each cell is the mean of the blocks that it covers, in part or whole. */
function toCells({ columns, rows, luma }: LumaBlocks): LumaThumbnail {
  const across = shares(columns);
  const down = shares(rows);
  const cells = new Float32Array(THUMBNAIL_CELLS);
  for (const [y, rowShares] of down.entries()) {
    for (const [x, columnShares] of across.entries()) {
      let sum = 0;
      for (const { at: row, share: rowShare } of rowShares) {
        for (const { at: column, share } of columnShares) {
          sum += (luma[row * columns + column] as number) * rowShare * share;
        }
      }
      cells[y * THUMBNAIL_SIDE + x] = sum;
    }
  }
  return cells;
}

/** For each cell of a row (or column): which of `count` blocks it covers, and what share of the cell each makes up. */
function shares(count: number): { readonly at: number; readonly share: number }[][] {
  const size = count / THUMBNAIL_SIDE;
  return Array.from({ length: THUMBNAIL_SIDE }, (_, cell) => {
    const [from, to] = [cell * size, (cell + 1) * size];
    const covered = [];
    for (let at = Math.floor(from); at < Math.min(count, Math.ceil(to - 1e-9)); at += 1) {
      covered.push({ at, share: (Math.min(to, at + 1) - Math.max(from, at)) / size });
    }
    return covered;
  });
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
