import { type DifferenceHash, differenceHash, hashDistance } from "./difference-hash.ts";
import type { Picture } from "./picture.ts";

/** Cells a side: a subject of a tenth of the picture's width still covers a few. */
const CELLS = 24;
/** Below this contrast, in levels of 255, a picture is as good as one colour, and noise must not be blown up. */
const LEAST_CONTRAST = 5;
/** Of 64. Where a picture is flat its bits fall by chance; only the cells tell then. */
const MOST_BITS = 16;
/** In standard deviations of the picture, at the cell that only one in twenty exceeds. */
const MOST_DIFFERENCE = 0.6;
const COMPARED_SHARE = 0.95;

/** What is kept of a picture to know it again: a few kilobytes. */
export interface PictureTrace {
  readonly hash: DifferenceHash;
  /** 24 x 24 mean colours, less the picture's mean and over its deviation, so that its light does not matter. */
  readonly cells: Float32Array;
}

/** Takes the trace of a picture. Its size does not matter; 200 pixels a side are enough. */
export function tracePicture(picture: Picture): PictureTrace {
  return { hash: differenceHash(picture), cells: cellsOf(picture) };
}

/**
 * Whether two pictures are one shot: made smaller, compressed, mirrored, lit or cropped a little differently. The
 * difference hash proposes, and the cells have to agree, since pictures before one background have hashes alike.
 * A subject that has moved makes another picture. It only proposes: what to do about it is for a person to say.
 */
export function isNearDuplicate(one: PictureTrace, other: PictureTrace): boolean {
  return hashDistance(one.hash, other.hash) <= MOST_BITS && cellsAgree(one.cells, other.cells);
}

/** Bits that hashes of one shot may differ in. */
export const NEAR_HASH_BITS = MOST_BITS;

function cellsAgree(one: Float32Array, other: Float32Array): boolean {
  return [false, true].some((mirrored) => differenceOf(one, other, mirrored) <= MOST_DIFFERENCE);
}

function differenceOf(one: Float32Array, other: Float32Array, mirrored: boolean): number {
  const differences = new Float32Array(CELLS * CELLS);
  for (let y = 0, cell = 0; y < CELLS; y++) {
    for (let x = 0; x < CELLS; x++, cell++) {
      const at = cell * 3;
      const across = mirrored ? (y * CELLS + CELLS - 1 - x) * 3 : at;
      for (let channel = 0; channel < 3; channel++) {
        const difference = Math.abs((one[at + channel] as number) - (other[across + channel] as number));
        if (difference > (differences[cell] as number)) differences[cell] = difference;
      }
    }
  }
  return differences.sort()[Math.floor(differences.length * COMPARED_SHARE)] as number;
}

function cellsOf({ rgb, width, height }: Picture): Float32Array {
  const cells = new Float32Array(CELLS * CELLS * 3);
  const counts = new Uint32Array(CELLS * CELLS);
  for (let y = 0, at = 0; y < height; y++) {
    const row = Math.floor((y * CELLS) / height) * CELLS;
    for (let x = 0; x < width; x++, at += 3) {
      const cell = row + Math.floor((x * CELLS) / width);
      counts[cell] = (counts[cell] as number) + 1;
      for (let channel = 0; channel < 3; channel++) {
        cells[cell * 3 + channel] = (cells[cell * 3 + channel] as number) + (rgb[at + channel] as number);
      }
    }
  }
  let sum = 0;
  let squares = 0;
  for (let index = 0; index < cells.length; index++) {
    const value = (cells[index] as number) / Math.max(1, counts[Math.floor(index / 3)] as number);
    cells[index] = value;
    sum += value;
    squares += value * value;
  }
  const mean = sum / cells.length;
  const deviation = Math.sqrt(Math.max(0, squares / cells.length - mean * mean));
  return cells.map((value) => (value - mean) / Math.max(LEAST_CONTRAST, deviation));
}
