import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Proposal, suppressOverlaps } from "./suppress-overlaps.ts";

const side = fc.integer({ min: 1, max: 30 });
const proposal: fc.Arbitrary<Proposal> = fc.record({
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  box: fc.record({ left: fc.nat(30), top: fc.nat(30), width: side, height: side }),
});

test("what is kept is ordered, does not overlap, and whatever is left out overlaps something better", () => {
  fc.assert(
    fc.property(fc.array(proposal, { maxLength: 30 }), (proposals) => {
      const kept = suppressOverlaps(proposals, { limit: 100, overlap: 0.5 });
      for (const [at, one] of kept.entries()) {
        for (const other of kept.slice(at + 1)) {
          assert.ok(one.score >= other.score);
          assert.ok(overlap(one, other) <= 0.5);
        }
      }
      for (const one of proposals.filter((candidate) => !kept.includes(candidate))) {
        assert.ok(kept.some((better) => better.score >= one.score && overlap(better, one) > 0.5));
      }
      assert.deepEqual(suppressOverlaps(proposals, { limit: 2, overlap: 0.5 }), kept.slice(0, 2));
    }),
  );
});

/** Counted pixel by pixel. */
function overlap({ box: first }: Proposal, { box: second }: Proposal): number {
  let both = 0;
  let either = 0;
  for (let y = 0; y < 60; y++) {
    for (let x = 0; x < 60; x++) {
      const inside = [first, second].map(
        ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
      );
      both += Number(inside.every(Boolean));
      either += Number(inside.some(Boolean));
    }
  }
  return both / either;
}
