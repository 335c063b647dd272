import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Ridge } from "./ridge.ts";

const DIMENSIONS = 4;
const OUTPUTS = 2;
const number = fc.float({ min: -2, max: 2, noNaN: true });
const row = fc.record({
  row: fc.array(number, { minLength: DIMENSIONS, maxLength: DIMENSIONS }),
  weight: fc.float({ min: 0.125, max: 2, noNaN: true }),
  output: fc.option(fc.nat(OUTPUTS - 1), { nil: undefined }),
});
type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

function ridgeOf(rows: readonly Row[], sign = 1, into = new Ridge(DIMENSIONS, OUTPUTS)): Ridge {
  for (const one of rows) into.add(Float32Array.from(one.row), sign * one.weight, one.output);
  return into;
}

test("at the solution the squared error and the penalty pull equally", () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
      const penalty = 0.5;
      for (const [output, weights] of ridgeOf(rows).solve(penalty).entries()) {
        for (let at = 0; at < DIMENSIONS; at++) {
          let gradient = penalty * (weights[at] as number);
          for (const one of rows) {
            const said = one.row.reduce((sum, value, place) => sum + value * (weights[place] as number), 0);
            gradient += one.weight * (said - Number(one.output === output)) * (one.row[at] as number);
          }
          assert.ok(Math.abs(gradient) < 1e-3, `gradient ${gradient}`);
        }
      }
    }),
  );
});

test("rows that were taken away again might as well never have been added", () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), fc.array(row), (kept, taken) => {
      const without = ridgeOf(taken, -1, ridgeOf([...kept, ...taken])).solve(0.5);
      for (const [output, weights] of ridgeOf(kept).solve(0.5).entries()) {
        for (const [at, value] of weights.entries()) {
          assert.ok(Math.abs(value - (without[output]?.[at] as number)) < 1e-4);
        }
      }
    }),
  );
});

test("a copy goes its own way", () => {
  const first = ridgeOf([{ row: [1, 0, 0, 0], weight: 1, output: 0 }]);
  const before = first.solve(1);
  first.copy().add(Float32Array.of(0, 1, 0, 0), 1, 1);
  assert.deepEqual(first.solve(1), before);
});
