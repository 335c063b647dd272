import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { overlap, RecallTally, rankOf } from "./recall-tally.ts";

const side = fc.integer({ min: 1, max: 30 });
const place = fc.integer({ min: 0, max: 30 });
const box = fc.record({ left: place, top: place, width: side, height: side });

test("the overlap is what counting pixels gives, and the same both ways", () => {
  fc.assert(
    fc.property(box, box, (a, b) => {
      let [both, either] = [0, 0];
      for (let y = 0; y < 60; y++) {
        for (let x = 0; x < 60; x++) {
          const inside = [a, b].filter(
            ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
          ).length;
          if (inside === 2) both += 1;
          if (inside > 0) either += 1;
        }
      }
      assert.ok(Math.abs(overlap(a, b) - both / either) < 1e-12);
      assert.equal(overlap(a, b), overlap(b, a));
    }),
    { numRuns: 60 },
  );
});

test("a box is met by the first proposal that is as good as asked for", () => {
  const truth = { left: 0, top: 0, width: 10, height: 10 };
  const half = { left: 0, top: 0, width: 10, height: 5 };
  const miss = { left: 20, top: 0, width: 10, height: 10 };
  assert.equal(rankOf(truth, [miss, half, truth], 0.5), 2);
  assert.equal(rankOf(truth, [miss, half, truth], 0.51), 3);
  assert.equal(rankOf(truth, [miss], 0.5), undefined);
});

test("recall within more boxes is never less", () => {
  const rank = fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(rank, { minLength: 1 }), (ranks) => {
      const tally = new RecallTally();
      for (const one of ranks) tally.count(one);
      const { boxes, at5, at10, at20 } = tally.recall;
      assert.equal(boxes, ranks.length);
      assert.ok(at5 <= at10 && at10 <= at20 && at20 <= 1);
      const within10 = ranks.filter((one) => one !== undefined && one <= 10).length;
      assert.ok(Math.abs(at10 - within10 / boxes) <= 5e-5);
    }),
  );
});
