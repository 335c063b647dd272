import assert from "node:assert/strict";
import { test } from "node:test";
import { finderMaps } from "./finder-maps.ts";

const HEADS = 6;

const flat = (width: number, height: number, channels: number, value: number) => ({
  width,
  height,
  channels,
  data: new Float32Array(width * height * channels).fill(value),
});
/** One channel; each head is the channel times its factor, plus its bias. */
const heads = (factors: readonly number[], biases: readonly number[]) => ({
  rows: HEADS,
  cols: 2,
  data: Float32Array.from(factors.flatMap((factor, head) => [factor, biases[head] as number])),
});
const NONE = heads([0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]);

test("what the fine, the deep and the wide map say is added up", () => {
  const maps = {
    figure: flat(5, 3, HEADS, 0.25),
    fine: flat(5, 3, 1, 0),
    deep: flat(3, 2, 1, 2),
    wide: flat(2, 1, 1, 3),
  };
  const { width, height, figure, centre, reach } = finderMaps(maps, {
    deep: heads([0.5, 0, 0, 0, 0, 0], [0, Math.log(2), 0, 0, 0, 0]),
    wide: heads([0, 0, 0, 0, 0, 1], [0, 0, 0, 0, 0, 0.5]),
  });
  assert.deepEqual([width, height], [5, 3]);
  const share = (odds: number) => 1 / (1 + Math.exp(-odds));
  for (const value of figure) assert.ok(Math.abs(value - share(1.25)) < 1e-6);
  for (const value of centre) assert.ok(Math.abs(value - share(3.75)) < 1e-6);
  const expected = [2 * Math.exp(0.25), Math.exp(0.25), Math.exp(0.25), Math.exp(0.25)];
  for (const [at, value] of reach.entries()) assert.ok(Math.abs(value - (expected[at % 4] as number)) < 1e-5);
});

test("a coarse map is interpolated between the middles of its cells", () => {
  const coarse = { width: 2, height: 1, channels: 1, data: Float32Array.of(0, 4) };
  const maps = { figure: flat(4, 2, HEADS, 0), fine: flat(4, 2, 1, 0), deep: coarse };
  const { figure } = finderMaps(maps, { deep: heads([1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]), wide: NONE });
  const odds = Array.from(figure.subarray(0, 4), (share) => Math.log(share / (1 - share)));
  for (const [at, expected] of [0, 1, 3, 4].entries()) {
    assert.ok(Math.abs((odds[at] as number) - expected) < 1e-4, odds.join(" "));
  }
});
