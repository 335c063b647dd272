import type { FeatureMap, FeatureMaps } from "@followspot/backbone";
import type { FigureMap } from "./figure-map.ts";

/** A box in shares of the picture's width and height. */
export interface ShareBox {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What is no figure counts a little too, so that a box without any has a mean. */
const LEAST_WEIGHT = 0.02;

/**
 * Means of the fine and of the deep map over a box, over its upper and over its lower half, each cell counting as much
 * as it is figure and in the box. The order is that of packages/backbone/training/train_embedding.py.
 */
export function poolBox({ fine, deep }: FeatureMaps, figure: FigureMap, box: ShareBox): Float32Array {
  const middle = (box.top + box.bottom) / 2;
  const coarse = halve(figure, deep);
  const pooled = new Float32Array(3 * (fine.channels + deep.channels));
  let at = 0;
  for (const part of [box, { ...box, bottom: middle }, { ...box, top: middle }]) {
    poolPart(fine, figure.shares, part, pooled.subarray(at, at + fine.channels));
    at += fine.channels;
    poolPart(deep, coarse, part, pooled.subarray(at, at + deep.channels));
    at += deep.channels;
  }
  return pooled;
}

function poolPart(map: FeatureMap, shares: Float32Array, box: ShareBox, into: Float32Array): void {
  const { width, height, channels, data } = map;
  let total = 0;
  const firstRow = Math.max(0, Math.floor(box.top * height));
  const firstColumn = Math.max(0, Math.floor(box.left * width));
  for (let y = firstRow; y < Math.min(height, box.bottom * height); y++) {
    const tall = covered(y, box.top * height, box.bottom * height);
    for (let x = firstColumn; x < Math.min(width, box.right * width); x++) {
      const wide = covered(x, box.left * width, box.right * width);
      const weight = ((shares[y * width + x] as number) + LEAST_WEIGHT) * tall * wide;
      total += weight;
      const at = (y * width + x) * channels;
      for (let channel = 0; channel < channels; channel++) {
        into[channel] = (into[channel] as number) + weight * (data[at + channel] as number);
      }
    }
  }
  const factor = 1 / Math.max(1e-4, total);
  for (let channel = 0; channel < channels; channel++) into[channel] = (into[channel] as number) * factor;
}

/** Which share of a cell lies between two places. */
function covered(cell: number, from: number, to: number): number {
  return Math.max(0, Math.min(to, cell + 1) - Math.max(from, cell));
}

/** The figure on the deep map's cells: the mean of up to four. */
function halve({ width, height, shares }: FigureMap, deep: FeatureMap): Float32Array {
  const out = new Float32Array(deep.width * deep.height);
  for (let y = 0; y < deep.height; y++) {
    for (let x = 0; x < deep.width; x++) {
      let sum = 0;
      let count = 0;
      for (let row = y * 2; row < Math.min(height, y * 2 + 2); row++) {
        for (let column = x * 2; column < Math.min(width, x * 2 + 2); column++) {
          sum += shares[row * width + column] as number;
          count++;
        }
      }
      out[y * deep.width + x] = count > 0 ? sum / count : 0;
    }
  }
  return out;
}
