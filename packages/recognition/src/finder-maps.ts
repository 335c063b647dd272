import type { FeatureMaps, Matrix } from "@followspot/backbone";
import { addEnlarged, answersOn, share } from "./enlarge-map.ts";

/** What the finder says of each cell of a picture: row by row. */
export interface FinderMaps {
  readonly width: number;
  readonly height: number;
  /** How probable it is that there is somebody or something rather than the place; 0 to 1. */
  readonly figure: Float32Array;
  /** How near the cell is to the middle of whatever it belongs to; 0 to 1. */
  readonly centre: Float32Array;
  /** How far it is from the cell's middle to that thing's left, top, right and bottom; in cells, four a cell. */
  readonly reach: Float32Array;
}

/** A cell's answers: figure, the four distances' logarithms, centre. As in training/train_finder.py. */
const ANSWERS = 6;
const [SHORTEST, LONGEST] = [-2, 3.5];

/** What the fine, the deep and the wide map say, added up. */
export function finderMaps(
  { figure: fine, deep, wide }: FeatureMaps,
  heads: { readonly deep: Matrix; readonly wide: Matrix },
): FinderMaps {
  const { width, height } = fine;
  const cells = width * height;
  const sums = { ...fine, data: Float32Array.from(fine.data) };
  addEnlarged(sums, answersOn(deep, heads.deep));
  if (wide) addEnlarged(sums, answersOn(wide, heads.wide));
  const figure = new Float32Array(cells);
  const centre = new Float32Array(cells);
  const reach = new Float32Array(cells * 4);
  for (let cell = 0; cell < cells; cell++) {
    const at = cell * ANSWERS;
    figure[cell] = share(sums.data[at] as number);
    centre[cell] = share(sums.data[at + 5] as number);
    for (let side = 0; side < 4; side++) {
      const log = sums.data[at + 1 + side] as number;
      reach[cell * 4 + side] = Math.exp(Math.max(SHORTEST, Math.min(LONGEST, log)));
    }
  }
  return { width, height, figure, centre, reach };
}
