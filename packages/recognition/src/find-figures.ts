import type { Box } from "@followspot/dataset";
import { overlap } from "./boxes.ts";
import type { FinderMaps } from "./finder-maps.ts";

export interface FoundFigure {
  /** In cells of the map. */
  readonly box: Box;
  /** 0 to 1. */
  readonly score: number;
}

const LEAST_SCORE = 0.08;
const MOST_FOUND = 16;
/** Boxes that overlap by more are about the same thing. */
const SAME = 0.5;
/** Boxes that overlap the best one by more have a say in where it ends. */
const AGREEING = 0.65;

/** Each cell says where its thing begins and ends: the best say, each about another thing, best first. */
export function findFigures({ width, height, figure, centre, reach }: FinderMaps): FoundFigure[] {
  const said: FoundFigure[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = y * width + x;
      const score = Math.sqrt((figure[cell] as number) * (centre[cell] as number));
      if (score < LEAST_SCORE) continue;
      const [left, top, right, bottom] = reach.subarray(cell * 4, cell * 4 + 4) as unknown as number[];
      const box = {
        left: x + 0.5 - left!,
        top: y + 0.5 - top!,
        width: left! + right!,
        height: top! + bottom!,
      };
      said.push({ box, score });
    }
  }
  said.sort((a, b) => b.score - a.score);
  const found: FoundFigure[] = [];
  for (const one of said) {
    if (found.length === MOST_FOUND) break;
    if (found.some(({ box }) => overlap(box, one.box) > SAME)) continue;
    const agreeing = said.filter(({ box }) => overlap(box, one.box) > AGREEING);
    found.push({ box: meanBox(agreeing), score: one.score });
  }
  return found;
}

function meanBox(said: readonly FoundFigure[]): Box {
  let total = 0;
  const sum = { left: 0, top: 0, right: 0, bottom: 0 };
  for (const { box, score } of said) {
    const weight = score * score;
    total += weight;
    sum.left += weight * box.left;
    sum.top += weight * box.top;
    sum.right += weight * (box.left + box.width);
    sum.bottom += weight * (box.top + box.height);
  }
  const [left, top] = [sum.left / total, sum.top / total];
  return { left, top, width: sum.right / total - left, height: sum.bottom / total - top };
}
