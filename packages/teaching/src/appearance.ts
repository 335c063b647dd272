import type { Box, Picture } from "@followspot/dataset";

/** What somebody looks like in one frame: enough to tell whether another frame shows anything new. */
export interface Appearance {
  /** Mean colours of a grid over the box, less the mean of all of them. */
  readonly cells: Float32Array;
  /** Mean of the three colours, 0 to 255. */
  readonly brightness: number;
  /** Square root of the box's area in pixels. */
  readonly size: number;
}

/** Cells a side. */
const GRID = 16;
/** Cells that a box may be off by, to each side: boxes tremble where nobody moves. */
const TREMBLE = 1;
/** Likeness of the grids, as a correlation, from which on they show the same side. */
const SAME_SIDE = 0.93;
/** As many times as large or as bright makes it another picture of the same side. */
const OTHER_SIZE = 1.5;
const OTHER_LIGHT = 1.4;

/** @param box of at least a few pixels, which may reach out of the picture */
export function appearanceOf(picture: Picture, box: Box): Appearance {
  const sums = new Float32Array(GRID * GRID * 3);
  const counts = new Uint32Array(GRID * GRID);
  const { rgb, width, height } = picture;
  const [right, bottom] = [Math.min(width, box.left + box.width), Math.min(height, box.top + box.height)];
  for (let y = Math.max(0, Math.floor(box.top)); y < bottom; y++) {
    const row = cellOf(y - box.top, box.height) * GRID;
    for (let x = Math.max(0, Math.floor(box.left)); x < right; x++) {
      const cell = row + cellOf(x - box.left, box.width);
      counts[cell] = (counts[cell] as number) + 1;
      for (let channel = 0; channel < 3; channel++) {
        sums[cell * 3 + channel] =
          (sums[cell * 3 + channel] as number) + (rgb[(y * width + x) * 3 + channel] as number);
      }
    }
  }
  const means = sums.map((sum, at) => sum / Math.max(1, counts[Math.floor(at / 3)] as number));
  const brightness = means.reduce((sum, mean) => sum + mean, 0) / means.length;
  const cells = means.map((mean) => mean - brightness);
  return { cells, brightness, size: Math.sqrt(box.width * box.height) };
}

/** Whether two frames show the same side, equally large, in the same light: then the second teaches nothing. */
export function isAlike(one: Appearance, other: Appearance): boolean {
  return (
    within(one.size, other.size, OTHER_SIZE) &&
    within(one.brightness, other.brightness, OTHER_LIGHT) &&
    likeness(one, other) >= SAME_SIDE
  );
}

/** Correlation of what they show, -1 to 1, at the place where they fit best. */
export function likeness(one: Appearance, other: Appearance): number {
  let best = -1;
  for (let down = -TREMBLE; down <= TREMBLE; down++) {
    for (let across = -TREMBLE; across <= TREMBLE; across++) {
      best = Math.max(best, correlation(one.cells, other.cells, { across, down }));
    }
  }
  return best;
}

function correlation(
  one: Float32Array,
  other: Float32Array,
  { across, down }: { readonly across: number; readonly down: number },
): number {
  let [products, ones, others] = [0, 0, 0];
  for (let y = Math.max(0, -down); y < GRID - Math.max(0, down); y++) {
    const from = (y * GRID + Math.max(0, -across)) * 3;
    const shift = (down * GRID + across) * 3;
    for (let at = from; at < from + (GRID - Math.abs(across)) * 3; at++) {
      const [a, b] = [one[at] as number, other[at + shift] as number];
      products += a * b;
      ones += a * a;
      others += b * b;
    }
  }
  // A box of one colour is like any other of one colour.
  return ones * others === 0 ? Number(ones === others) : products / Math.sqrt(ones * others);
}

function within(one: number, other: number, factor: number): boolean {
  return Math.max(one, other) <= factor * Math.min(one, other);
}

function cellOf(at: number, length: number): number {
  return Math.min(GRID - 1, Math.max(0, Math.floor((at * GRID) / length)));
}
