import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import { madeUp } from "../testdata/made-up-exhibit.ts";
import type { Exhibit } from "./exhibit.ts";
import { planFolds, planHalves, PROTOCOLS } from "./folds.ts";

const exhibits = fc
  .array(
    fc.record({
      present: fc.constantFrom([], ["red"], ["wolf"], ["axe"], ["red", "wolf"]),
      scene: fc.constantFrom("wall", "table", "garden", "shed"),
      split: fc.constantFrom(undefined, undefined, "train" as const, "test" as const, "golden" as const),
    }),
    { minLength: 1, maxLength: 30 },
  )
  .map((rows) =>
    rows.map(({ present, ...rest }, index) => madeUp(present, { ...rest, fileName: `${index}.jpg` })),
  );

function planned(all: readonly Exhibit[], protocol: (typeof PROTOCOLS)[number]) {
  try {
    return planFolds(all, protocol);
  } catch (error) {
    assert.ok(error instanceof UserError);
    return undefined;
  }
}

test("no golden picture is in a fold, no stranger trains, and nobody is asked about what it has learnt", () => {
  fc.assert(
    fc.property(exhibits, fc.constantFrom(...PROTOCOLS), (all, protocol) => {
      const plan = planned(all, protocol);
      for (const { train, test } of plan?.folds ?? []) {
        const learnt = new Set(train.flatMap(({ present }) => present));
        for (const exhibit of train) {
          assert.ok(exhibit.split !== "golden" && exhibit.present.length > 0);
          assert.ok(!test.includes(exhibit));
        }
        for (const exhibit of test) {
          assert.notEqual(exhibit.split, "golden");
          assert.ok(exhibit.present.every((label) => learnt.has(label)));
        }
      }
    }),
  );
});

test("every picture that may be asked about is asked about once, or named as untestable", () => {
  fc.assert(
    fc.property(exhibits, fc.constantFrom(...PROTOCOLS), (all, protocol) => {
      const plan = planned(all, protocol);
      if (!plan) return;
      const asked = [...plan.folds.flatMap(({ test }) => test), ...plan.untestable];
      const wanted = all.filter(
        ({ split, present }) =>
          split !== "golden" && (protocol !== "split" || present.length === 0 || split === "test"),
      );
      assert.deepEqual(
        asked.map(({ fileName }) => fileName).sort(),
        wanted.map(({ fileName }) => fileName).sort(),
      );
    }),
  );
});

test("a scene that is left out is left out whole, and a stranger photographed there is asked about there", () => {
  fc.assert(
    fc.property(exhibits, (all) => {
      for (const { train, test } of planned(all, "leave-one-scene-out")?.folds ?? []) {
        const scenes = new Set(test.filter(({ present }) => present.length > 0).map(({ scene }) => scene));
        assert.ok(scenes.size <= 1);
        for (const scene of scenes) assert.ok(train.every((exhibit) => exhibit.scene !== scene));
      }
    }),
  );
  const all = ["wall", "table"].flatMap((scene) => [madeUp(["red"], { scene }), madeUp([], { scene })]);
  for (const { test } of planFolds(all, "leave-one-scene-out").folds) {
    assert.equal(new Set(test.map(({ scene }) => scene)).size, 1);
  }
});

test("strangers from elsewhere are dealt to the folds in turn", () => {
  const cast = ["a", "b", "c"].map((scene) => madeUp(["red"], { scene }));
  const strangers = ["x", "y", "z"].map((scene) => madeUp([], { scene }));
  const { folds } = planFolds([...cast, ...strangers], "leave-one-scene-out");
  assert.deepEqual(
    folds.map(({ test }) => test.length),
    [2, 2, 2],
  );
});

test("what a data set does not allow is said in a sentence", () => {
  const one = [madeUp(["red"]), madeUp(["wolf"])];
  assert.throws(
    () => planFolds(one, "leave-one-scene-out"),
    /needs at least two scenes of the cast; this data set has 1/,
  );
  assert.throws(() => planFolds([madeUp(["red"])], "leave-one-out"), /needs at least two pictures/);
  assert.throws(() => planFolds(one, "split"), /"split": "test"/);
  assert.throws(
    () => planFolds([madeUp(["red"], { split: "test" })], "split"),
    /needs pictures to learn from/,
  );
});

test("halves hold whole scenes, of about one size, the same for a seed", () => {
  const all = Array.from({ length: 24 }, (_, index) =>
    madeUp(["red"], { scene: `s${index % 8}`, fileName: `${index}` }),
  );
  const plan = planHalves(all, { count: 4, seed: 1 });
  assert.deepEqual(
    plan.folds.map(({ test }) => test.length),
    [6, 6, 6, 6],
  );
  for (const { train, test } of plan.folds) {
    const scenes = new Set(test.map(({ scene }) => scene));
    assert.ok(train.every(({ scene }) => !scenes.has(scene)));
  }
  assert.deepEqual(planHalves(all, { count: 4, seed: 1 }), plan);
});
