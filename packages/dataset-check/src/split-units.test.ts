import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { NearPair } from "./near-duplicates.ts";
import { unitsOf } from "./split-units.ts";
import { entryOf } from "./testdata/inspected.ts";

const scene = fc.option(fc.constantFrom("kitchen", "garden", "attic"), { nil: undefined });
const pictures = fc
  .array(fc.record({ scene, label: fc.constantFrom("wolf", "red") }), { minLength: 2, maxLength: 12 })
  .map((list) => list.map((about, at) => entryOf({ fileName: `${at}`, ...about })));

test("pictures of one scene are one unit, pictures without a scene are each their own", () => {
  fc.assert(
    fc.property(pictures, (list) => {
      const units = unitsOf(list, []);
      for (const [one, a] of list.entries()) {
        for (const [other, b] of list.entries()) {
          const together = one === other || (a.scene !== undefined && a.scene === b.scene);
          assert.equal(units[one] === units[other], together);
        }
      }
    }),
  );
});

test("one shot keeps two scenes together; subjects that only look alike do not, unless it is one subject", () => {
  const list = ["kitchen", "garden", "kitchen", "garden"].map((where, at) =>
    entryOf({ fileName: `${at}`, scene: where, label: at === 1 ? "red" : "wolf" }),
  );
  const units = (by: NearPair["by"], other: number): number =>
    new Set(unitsOf(list, [{ one: 0, other, by, likeness: 1 }])).size;
  assert.equal(units("same", 1), 1);
  assert.equal(units("shot", 1), 1);
  assert.equal(units("look", 1), 2);
  assert.equal(units("look", 3), 1);
});
