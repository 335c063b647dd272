import type { NetworkLayer } from "./network-file.ts";
import { packWeights } from "./pack-weights.ts";

/** Places of a tile of four by four. */
const PLACES = 16;

/**
 * The weights of a 3 x 3 layer for the kernel that works on tiles: each square of nine taps becomes sixteen numbers
 * (Winograd's F(2x2, 3x3)), and each of the sixteen places is packed like a layer of one tap.
 */
export function packTileWeights(layer: NetworkLayer): {
  readonly weights: Float32Array;
  readonly bias: Float32Array;
} {
  const pairs = layer.out * layer.in;
  const places = Array.from({ length: PLACES }, () => new Float32Array(pairs));
  for (let pair = 0; pair < pairs; pair++) {
    const tile = transform(layer.weights.subarray(pair * 9, pair * 9 + 9));
    for (const [place, weights] of places.entries()) weights[pair] = tile[place] as number;
  }
  const packed = places.map((weights) => packWeights({ ...layer, taps: 1, weights }));
  const [first] = packed;
  if (!first) throw new RangeError("a tile has no places");
  const all = new Float32Array(first.weights.length * PLACES);
  for (const [place, { weights }] of packed.entries()) all.set(weights, place * weights.length);
  return { weights: all, bias: first.bias };
}

/** Rows, then columns: the first, half the sum of all, half the sum with the middle taken off, the last. */
function transform(taps: Float32Array): number[] {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = taps;
  const columns = [spread(a, d, g), spread(b, e, h), spread(c, f, i)] as const;
  return [0, 1, 2, 3].flatMap((row) => {
    const [left, middle, right] = columns.map((column) => column[row]);
    return spread(left ?? 0, middle ?? 0, right ?? 0);
  });
}

function spread(first: number, second: number, third: number): number[] {
  return [first, (first + second + third) / 2, (first - second + third) / 2, third];
}
