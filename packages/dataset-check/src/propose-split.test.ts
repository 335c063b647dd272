import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { proposeSplit, type SplitMember } from "./propose-split.ts";

const LABELS = ["red", "wolf", "axe", "unknown"];
const OPTIONS = { test: 0.25, golden: 0, seed: 1 };

const member = (unit: number, label: string, golden = false): SplitMember => ({
  unit,
  labels: [label],
  golden,
});

const members = fc.array(
  fc.record({
    unit: fc.nat(9),
    labels: fc.uniqueArray(fc.constantFrom(...LABELS), { minLength: 1, maxLength: 3 }),
    golden: fc.constant(false),
  }),
  { minLength: 1, maxLength: 40 },
);

test("a unit is never torn, golden stays golden with all its unit, and the seed decides", () => {
  fc.assert(
    fc.property(members, fc.nat(40), fc.constantFrom(0, 0.2), fc.nat(9), (list, goldenAt, golden, seed) => {
      const given = list.map((one, index) => ({ ...one, golden: index === goldenAt }));
      const options = { test: 0.3, golden, seed };
      const splits = proposeSplit(given, options);
      const sides = new Map<number, Set<string>>();
      for (const [index, { unit }] of given.entries()) {
        sides.set(unit, (sides.get(unit) ?? new Set()).add(splits[index] as string));
      }
      for (const found of sides.values()) assert.equal(found.size, 1);
      const goldenUnit = given.find((one) => one.golden)?.unit;
      for (const [index, { unit }] of given.entries()) {
        if (unit === goldenUnit) assert.equal(splits[index], "golden");
        else if (golden === 0) assert.notEqual(splits[index], "golden");
      }
      assert.deepEqual(proposeSplit(given, options), splits);
    }),
  );
});

test("every subject is on both sides wherever any split could do that", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          unit: fc.nat(6),
          labels: fc.subarray(LABELS, { minLength: 1 }),
          golden: fc.constant(false),
        }),
        { minLength: 1, maxLength: 30 },
      ),
      (list) => {
        const onBoth = (splits: readonly string[]) =>
          LABELS.slice(0, 3).filter(
            (label) => new Set(splits.filter((_, index) => list[index]?.labels.includes(label))).size === 2,
          ).length;
        // The truth by trying every split of at most seven units.
        let most = 0;
        for (let mask = 0; mask < 128; mask++) {
          const splits = list.map(({ unit }) => ((mask >> unit) & 1 ? "test" : "train"));
          const trained = LABELS.slice(0, 3).every(
            (label) =>
              !list.some(({ labels }) => labels.includes(label)) ||
              list.some(({ labels }, index) => labels.includes(label) && splits[index] === "train"),
          );
          if (trained) most = Math.max(most, onBoth(splits));
        }
        const splits = proposeSplit(list, OPTIONS);
        assert.ok(onBoth(splits) >= most, `${onBoth(splits)} of ${most} possible subjects are on both sides`);
        for (const label of LABELS.slice(0, 3)) {
          const of = splits.filter((_, index) => list[index]?.labels.includes(label));
          if (of.length > 0) assert.ok(of.includes("train"), `${label} can be learnt`);
        }
      },
    ),
  );
});

test("shares are near what is wished where scenes are many", () => {
  const list = Array.from({ length: 400 }, (_, index) => member(index >> 1, LABELS[index % 3] as string));
  const splits = proposeSplit(list, { test: 0.25, golden: 0.1, seed: 7 });
  const share = (split: string) => splits.filter((one) => one === split).length / splits.length;
  assert.ok(Math.abs(share("test") - 0.25) < 0.03, `test ${share("test")}`);
  assert.ok(Math.abs(share("golden") - 0.1) < 0.03, `golden ${share("golden")}`);
});

test("a subject with one scene is learnt, not judged", () => {
  const list = [member(0, "red"), member(0, "red"), member(1, "wolf"), member(2, "wolf"), member(3, "wolf")];
  const splits = proposeSplit(list, OPTIONS);
  assert.deepEqual(splits.slice(0, 2), ["train", "train"]);
  assert.deepEqual(new Set(splits.slice(2)), new Set(["train", "test"]));
});

test("thirty thousand pictures are split within seconds", { timeout: 30_000 }, () => {
  const list = Array.from({ length: 30_000 }, (_, index) => member(index, LABELS[index % 4] as string));
  const splits = proposeSplit(list, OPTIONS);
  assert.ok(Math.abs(splits.filter((split) => split === "test").length / list.length - 0.25) < 0.01);
});
