import type { Picture } from "./picture.ts";

const COLUMNS = 8;
const ROWS = 8;

/** Of a picture and of its mirror: 64 bits each, as 16 hexadecimal digits. */
export interface DifferenceHash {
  readonly upright: string;
  readonly mirrored: string;
}

/**
 * dHash: whether each of 8 x 8 cells is brighter than its right neighbour. Pictures of one shot, made smaller or
 * compressed again, differ in a few bits; cropped ones in many. A small distance proposes a duplicate, no more:
 * different poses before a plain wall are as close.
 */
export function differenceHash(picture: Picture): DifferenceHash {
  const cells = shrink(picture);
  const mirrored = new Float64Array(cells.length);
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column <= COLUMNS; column++) {
      mirrored[row * (COLUMNS + 1) + column] = cells[row * (COLUMNS + 1) + COLUMNS - column] as number;
    }
  }
  return { upright: bitsOf(cells), mirrored: bitsOf(mirrored) };
}

/** Bits that differ, 0 to 64, of a picture from another or from its mirror, whichever is less. */
export function hashDistance(one: DifferenceHash, other: DifferenceHash): number {
  return Math.min(distance(one.upright, other.upright), distance(one.upright, other.mirrored));
}

function distance(one: string, other: string): number {
  const [high, low] = wordsOf(one);
  const [otherHigh, otherLow] = wordsOf(other);
  return bitCount(high ^ otherHigh) + bitCount(low ^ otherLow);
}

/** The upper and the lower 32 bits of a hash. */
export function wordsOf(hash: string): [high: number, low: number] {
  return [Number.parseInt(hash.slice(0, 8), 16) | 0, Number.parseInt(hash.slice(8), 16) | 0];
}

/** How many of 32 bits are set. */
export function bitCount(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555);
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function bitsOf(cells: Float64Array): string {
  let bits = 0n;
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const at = row * (COLUMNS + 1) + column;
      bits = (bits << 1n) | ((cells[at] as number) > (cells[at + 1] as number) ? 1n : 0n);
    }
  }
  return bits.toString(16).padStart(16, "0");
}

/** Mean luma of 9 x 8 cells. */
function shrink({ rgb, width, height }: Picture): Float64Array {
  const sums = new Float64Array((COLUMNS + 1) * ROWS);
  const counts = new Float64Array(sums.length);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * ROWS) / height) * (COLUMNS + 1);
    for (let x = 0; x < width; x++) {
      const cell = row + Math.floor((x * (COLUMNS + 1)) / width);
      const at = (y * width + x) * 3;
      const luma =
        0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number);
      sums[cell] = (sums[cell] as number) + luma;
      counts[cell] = (counts[cell] as number) + 1;
    }
  }
  return sums.map((sum, cell) => sum / Math.max(1, counts[cell] as number));
}
