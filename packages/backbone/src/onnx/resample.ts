import type { Box, Picture } from "@followspot/dataset";

/** What output pixels are made of: for each a run of input pixels, and weights that sum to 1. */
interface Taps {
  readonly first: Int32Array;
  /** `count` numbers an output pixel; those past the end of its run are zero. */
  readonly weights: Float32Array;
  readonly count: number;
}

/**
 * The part of a picture in a box, made `width` x `height` pixels large: linear between pixels where it grows, averaged
 * over all of them where it shrinks. Red, green, blue, 0 to 255, row by row. The box must lie in the picture.
 */
export function resample(
  picture: Picture,
  box: Box,
  { width, height }: { readonly width: number; readonly height: number },
): Float32Array {
  const columns = tapsOf(box.left, box.width, { to: width, of: picture.width });
  const rows = tapsOf(box.top, box.height, { to: height, of: picture.height });
  const firstRow = rows.first[0] ?? 0;
  const lastRow = (rows.first[height - 1] ?? 0) + rows.count;
  const across = new Float32Array((lastRow - firstRow) * width * 3);
  for (let y = firstRow; y < lastRow; y++) {
    const row = picture.rgb.subarray(y * picture.width * 3, (y + 1) * picture.width * 3);
    resampleRow(row, columns, across.subarray((y - firstRow) * width * 3, (y - firstRow + 1) * width * 3));
  }
  const result = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const to = result.subarray(y * width * 3, (y + 1) * width * 3);
    for (let tap = 0; tap < rows.count; tap++) {
      const weight = rows.weights[y * rows.count + tap] as number;
      if (weight === 0) continue;
      const from = ((rows.first[y] as number) + tap - firstRow) * width * 3;
      for (let at = 0; at < to.length; at++) {
        to[at] = (to[at] as number) + weight * (across[from + at] as number);
      }
    }
  }
  return result;
}

function resampleRow(row: Uint8Array, { first, weights, count }: Taps, to: Float32Array): void {
  for (let x = 0; x < first.length; x++) {
    let red = 0;
    let green = 0;
    let blue = 0;
    let from = (first[x] as number) * 3;
    for (let at = x * count; at < (x + 1) * count; at++, from += 3) {
      const weight = weights[at] as number;
      red += weight * (row[from] as number);
      green += weight * (row[from + 1] as number);
      blue += weight * (row[from + 2] as number);
    }
    to[x * 3] = red;
    to[x * 3 + 1] = green;
    to[x * 3 + 2] = blue;
  }
}

/** A triangle around each output pixel's centre, as wide as two pixels of the coarser side. */
function tapsOf(
  start: number,
  length: number,
  { to, of }: { readonly to: number; readonly of: number },
): Taps {
  const low = Math.floor(start);
  const high = Math.min(of, Math.max(low + 1, Math.ceil(start + length)));
  const scale = length / to;
  const reach = Math.max(1, scale);
  const count = Math.min(high - low, Math.ceil(2 * reach) + 1);
  const first = new Int32Array(to);
  const weights = new Float32Array(to * count);
  for (let at = 0; at < to; at++) {
    const centre = start + (at + 0.5) * scale;
    // The run may begin before its first pixel that counts, never outside the box.
    first[at] = Math.max(low, Math.min(high - count, Math.floor(centre - reach)));
    const own = weights.subarray(at * count, (at + 1) * count);
    let sum = 0;
    for (let tap = 0; tap < count; tap++) {
      own[tap] = Math.max(0, 1 - Math.abs((first[at] as number) + tap + 0.5 - centre) / reach);
      sum += own[tap] as number;
    }
    for (let tap = 0; tap < count; tap++) own[tap] = sum > 0 ? (own[tap] as number) / sum : 1 / count;
  }
  return { first, weights, count };
}
