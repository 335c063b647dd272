import type { NetworkLayer } from "./network-file.ts";
import { packWeights } from "./pack-weights.ts";

/** Sides of a transformed tile. */
const SIDE = 4;
const PLACES = SIDE * SIDE;

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
  const rows = new Float64Array(SIDE * 3);
  const tile = new Float64Array(PLACES);
  for (let pair = 0; pair < pairs; pair++) {
    // Rows first, so that column by column three numbers become four; then the same along each of the four rows.
    for (let column = 0; column < 3; column++) spread(layer.weights, pair * 9 + column, rows, column);
    for (let row = 0; row < SIDE; row++) spreadRow(rows, row * 3, tile, row * SIDE);
    for (let place = 0; place < PLACES; place++) {
      (places[place] as Float32Array)[pair] = tile[place] as number;
    }
  }
  const packed = places.map((weights) => packWeights({ ...layer, taps: 1, weights }));
  const length = packed[0]?.weights.length ?? 0;
  const all = new Float32Array(length * PLACES);
  for (const [place, { weights }] of packed.entries()) all.set(weights, place * length);
  return { weights: all, bias: packed[0]?.bias ?? new Float32Array(0) };
}

/** The first, half the sum of all, half the sum with the middle taken off, the last; in steps of a row of three. */
function spread(from: Float32Array, at: number, to: Float64Array, place: number): void {
  const first = from[at] as number;
  const second = from[at + 3] as number;
  const third = from[at + 6] as number;
  to[place] = first;
  to[place + 3] = (first + second + third) / 2;
  to[place + 6] = (first - second + third) / 2;
  to[place + 9] = third;
}

/** The same for neighbours. */
function spreadRow(from: Float64Array, at: number, to: Float64Array, place: number): void {
  const first = from[at] as number;
  const second = from[at + 1] as number;
  const third = from[at + 2] as number;
  to[place] = first;
  to[place + 1] = (first + second + third) / 2;
  to[place + 2] = (first - second + third) / 2;
  to[place + 3] = third;
}
