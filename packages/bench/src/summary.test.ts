import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bestJainIndex, jainIndex, percentile, summarize } from "./summary.ts";

test("a percentile is the nearest rank: a value that was measured, not one between two", () => {
  const ascending = Array.from({ length: 100 }, (_, index) => index + 1);
  assert.equal(percentile(ascending, 50), 50);
  assert.equal(percentile(ascending, 99), 99);
  assert.equal(percentile(ascending, 100), 100);
  assert.equal(percentile([3, 8], 50), 3);
  assert.equal(percentile([3, 8], 51), 8);
  assert.ok(Number.isNaN(percentile([], 50)));
});

test("at least p percent of the values do not exceed the p-th percentile, and fewer any value below it", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(values, fc.double({ min: 0.1, max: 100, noNaN: true }), (unsorted, percent) => {
      const ascending = Float64Array.from(unsorted).sort();
      const value = percentile(ascending, percent);
      const share = (holds: (other: number) => boolean) =>
        (100 * ascending.filter(holds).length) / ascending.length;
      assert.ok(share((other) => other <= value) >= percent - 1e-9);
      assert.ok(share((other) => other < value) < percent + 1e-9);
    }),
  );
});

test("a summary does not depend on the order of the values, and is all zero without any", () => {
  assert.deepEqual(summarize([5, 1, 4, 2, 3]), { n: 5, p50: 3, p90: 5, p95: 5, p99: 5, max: 5 });
  assert.deepEqual(summarize([-2, -10]), { n: 2, p50: -10, p90: -2, p95: -2, p99: -2, max: -2 });
  assert.deepEqual(summarize([]), { n: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 });
});

test("Jain's index is 1 for equal shares and 1/n where one has everything", () => {
  assert.equal(jainIndex([7, 7, 7, 7]), 1);
  assert.equal(jainIndex([9, 0, 0]), 1 / 3);
  assert.equal(jainIndex([0, 0]), 0);
  assert.equal(jainIndex([]), 0);
});

test("no division of whole things is fairer than the best one", () => {
  const shares = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(shares, (each) => {
      const total = each.reduce((sum, share) => sum + share, 0);
      const best = bestJainIndex(total, each.length);
      assert.ok(jainIndex(each) <= best + 1e-12);
      assert.ok(best <= 1 + 1e-12);
    }),
  );
});
