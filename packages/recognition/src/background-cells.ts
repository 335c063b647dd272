import type { Picture } from "@followspot/dataset";

/** Cells along the longer side of a picture, about. */
const CELLS_A_SIDE = 160;
export const CHANNELS = 3;

/** A picture as means of small squares, one plane a channel: most of a camera's noise is gone, and it is quick. */
export interface Cells {
  /** Red, green and blue, each `width * height` values from 0 to 255. */
  readonly planes: readonly Float32Array[];
  readonly width: number;
  readonly height: number;
  /** Pixels a side of a cell. */
  readonly side: number;
}

/** Pixels of the last column and row that fill no whole cell are left out. */
export function toCells({ rgb, width, height }: Picture): Cells {
  const side = Math.max(1, Math.round(Math.max(width, height) / CELLS_A_SIDE));
  const columns = Math.floor(width / side);
  const rows = Math.floor(height / side);
  const planes = Array.from({ length: CHANNELS }, () => new Float32Array(columns * rows));
  const [red, green, blue] = planes as [Float32Array, Float32Array, Float32Array];
  for (let y = 0; y < rows * side; y++) {
    const row = Math.floor(y / side) * columns;
    let at = y * width * CHANNELS;
    for (let cell = row; cell < row + columns; cell++) {
      for (let step = 0; step < side; step++, at += CHANNELS) {
        red[cell] = (red[cell] as number) + (rgb[at] as number);
        green[cell] = (green[cell] as number) + (rgb[at + 1] as number);
        blue[cell] = (blue[cell] as number) + (rgb[at + 2] as number);
      }
    }
  }
  const share = 1 / (side * side);
  for (const plane of planes)
    for (let cell = 0; cell < plane.length; cell++) plane[cell] = (plane[cell] as number) * share;
  return { planes, width: columns, height: rows, side };
}

/** Mean of everything, 0 to 255. */
export function meanLevel({ planes }: Cells): number {
  let sum = 0;
  let count = 0;
  for (const plane of planes) {
    for (const value of plane) sum += value;
    count += plane.length;
  }
  return sum / Math.max(1, count);
}
