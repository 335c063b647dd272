import type { FeatureMaps, Matrix } from "@followspot/backbone";
import { addEnlarged, answersOn, share } from "./enlarge-map.ts";

/** How probable it is, cell by cell, that there is somebody or something rather than the place; 0 to 1. */
export interface FigureMap {
  readonly width: number;
  readonly height: number;
  readonly shares: Float32Array;
}

/** What the fine and the deep map say, added up. */
export function figureOf({ figure, deep }: FeatureMaps, figureDeep: Matrix): FigureMap {
  const { width, height } = figure;
  const odds = { ...figure, data: Float32Array.from(figure.data) };
  addEnlarged(odds, answersOn(deep, figureDeep));
  return { width, height, shares: odds.data.map(share) };
}
