import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { auroc, falsePositiveRateAt } from "./auroc.ts";
import { calibrationBins, expectedCalibrationError } from "./calibration-error.ts";
import { compareSets, countConfusion, figuresByLabel, macroF1 } from "./confusion.ts";
import { bootstrapByScene, intervalToShow, wilson } from "./interval.ts";
import { mcnemarExact } from "./mcnemar.ts";
import { percentiles } from "./percentiles.ts";

/** Few values, so that there are ties. */
const scores = fc.array(
  fc.integer({ min: 0, max: 6 }).map((value) => value / 6),
  { minLength: 1, maxLength: 30 },
);
const NAMES = ["a", "b", "c"];
const judgements = fc.array(
  fc.record({
    truth: fc.constantFrom(...NAMES),
    guess: fc.option(fc.constantFrom(...NAMES, "stranger"), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 40 },
);
const near = (value: number | undefined, wanted: number) =>
  assert.ok(value !== undefined && Math.abs(value - wanted) < 1e-9, `${value} is not ${wanted}`);

describe("AUROC and FPR", () => {
  test("AUROC is the share of pairs in the right order, a tie counting half", () => {
    fc.assert(
      fc.property(scores, scores, (high, low) => {
        let sum = 0;
        for (const h of high) for (const l of low) sum += h > l ? 1 : h === l ? 0.5 : 0;
        near(auroc(high, low), sum / (high.length * low.length));
      }),
    );
  });

  test("the false positive rate is taken at the highest threshold that keeps the recall", () => {
    fc.assert(
      fc.property(scores, scores, fc.double({ min: 0.05, max: 1, noNaN: true }), (high, low, recall) => {
        const share = (list: readonly number[], threshold: number) =>
          list.filter((score) => score >= threshold).length / list.length;
        const threshold = Math.max(...high.filter((score) => share(high, score) >= recall - 1e-9));
        near(falsePositiveRateAt(recall, high, low), share(low, threshold));
      }),
    );
  });

  test("without strangers, or without anybody known, there is no figure", () => {
    assert.equal(auroc([1], []), undefined);
    assert.equal(auroc([], [1]), undefined);
    assert.equal(falsePositiveRateAt(0.95, [], [1]), undefined);
  });
});

describe("calibration", () => {
  const claims = fc.array(
    fc.record({ confidence: fc.double({ min: 0, max: 1, noNaN: true }), right: fc.boolean() }),
    {
      maxLength: 50,
    },
  );

  test("every claim is in the bin that its confidence lies in, 1 in the last", () => {
    fc.assert(
      fc.property(claims, (list) => {
        const bins = calibrationBins(list);
        assert.equal(
          bins.reduce((sum, { n }) => sum + n, 0),
          list.length,
        );
        for (const { low, high, n, confidence } of bins) {
          if (n > 0) assert.ok(confidence >= low - 1e-9 && confidence <= high + 1e-9);
        }
      }),
    );
  });

  test("the error is the sum over bins of |claims - right answers| over all, by brute force", () => {
    fc.assert(
      fc.property(claims, (list) => {
        let sum = 0;
        for (let bin = 0; bin < 10; bin++) {
          const here = list.filter(({ confidence }) => Math.min(9, Math.floor(confidence * 10)) === bin);
          sum += Math.abs(
            here.reduce((total, { confidence, right }) => total + confidence - Number(right), 0),
          );
        }
        const error = expectedCalibrationError(calibrationBins(list));
        if (list.length === 0) assert.equal(error, undefined);
        else near(error, sum / list.length);
      }),
    );
  });

  test("always sure and always right is no error; always sure and never right is all of it", () => {
    const all = (right: boolean) =>
      expectedCalibrationError(calibrationBins(Array.from({ length: 7 }, () => ({ confidence: 1, right }))));
    assert.deepEqual([all(true), all(false)], [0, 1]);
  });
});

describe("confusion and F1", () => {
  test("rows add up to the pictures of each truth, what could not be read included", () => {
    fc.assert(
      fc.property(judgements, (list) => {
        const guesses = [...NAMES, "stranger", "unparseable"];
        const counts = countConfusion(list, { truths: NAMES, guesses, unreadable: "unparseable" });
        for (const [row, truth] of NAMES.entries()) {
          const own = list.filter((one) => one.truth === truth);
          assert.equal(
            counts[row]?.reduce((sum, count) => sum + count, 0),
            own.length,
          );
          assert.equal(counts[row]?.[4], own.filter(({ guess }) => guess === undefined).length);
        }
      }),
    );
  });

  test("macro-F1 is the mean of the F1 of the labels that occur, by precision and recall", () => {
    fc.assert(
      fc.property(judgements, (list) => {
        const shown = NAMES.filter((name) => list.some(({ truth }) => truth === name));
        const figures = figuresByLabel(list, shown);
        let sum = 0;
        for (const { precision, recall, f1 } of figures.values()) {
          const wanted = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
          near(f1, wanted);
          sum += wanted;
        }
        near(macroF1(list), sum / shown.length);
      }),
    );
  });

  test("sets of labels are compared label by label, and as wholes", () => {
    const set = fc.uniqueArray(fc.constantFrom(...NAMES)).map((names) => new Set(names));
    fc.assert(
      fc.property(fc.array(fc.record({ truth: set, guess: set }), { minLength: 1 }), (pictures) => {
        let [right, wrong, missed, exact] = [0, 0, 0, 0];
        for (const { truth, guess } of pictures) {
          for (const name of NAMES) {
            if (truth.has(name) && guess.has(name)) right++;
            else if (guess.has(name)) wrong++;
            else if (truth.has(name)) missed++;
          }
          if (NAMES.every((name) => truth.has(name) === guess.has(name))) exact++;
        }
        const figures = compareSets(pictures);
        near(figures?.microF1, right + wrong + missed === 0 ? 1 : right / (right + (wrong + missed) / 2));
        near(figures?.exact, exact / pictures.length);
      }),
    );
  });
});

describe("intervals and tests", () => {
  test("Wilson's ends are the shares that lie 1.96 of their own deviations from what was seen", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const right = Math.round(part * n);
        const [low, high] = wilson(right, n);
        assert.ok(low >= 0 && low <= right / n && right / n <= high && high <= 1);
        for (const end of [low, high]) {
          if (end === 0 || end === 1) continue;
          const deviations = Math.abs(right / n - end) / Math.sqrt((end * (1 - end)) / n);
          assert.ok(Math.abs(deviations - 1.959964) < 1e-4, `${deviations}`);
        }
      }),
    );
    assert.deepEqual(
      wilson(42, 42).map((end) => Math.round(end * 100)),
      [92, 100],
    );
    assert.deepEqual(wilson(0, 0), [0, 1]);
  });

  test("intervals that know of the scenes cover the truth 95 times in 100, and are repeatable", () => {
    // Each scene is all right or all wrong: twenty pictures of one scene are worth one.
    const items = Array.from({ length: 12 }, (_, scene) =>
      Array.from({ length: 20 }, () => ({ scene: String(scene), right: scene < 9 })),
    ).flat();
    const share = (drawn: readonly { right: boolean }[]) =>
      drawn.filter(({ right }) => right).length / drawn.length;
    const clustered = bootstrapByScene(items, share, { seed: 3 });
    const naive = wilson(9 * 20, 12 * 20);
    assert.deepEqual(clustered, bootstrapByScene(items, share, { seed: 3 }));
    assert.ok(clustered && clustered[0] <= 0.5 && clustered[1] >= 0.95, JSON.stringify(clustered));
    assert.ok(clustered[1] - clustered[0] > 3 * (naive[1] - naive[0]));
    assert.equal(bootstrapByScene(items.slice(0, 20), share, { seed: 3 }), undefined);
  });

  test("McNemar's exact test counts the coin throws that are at least as uneven", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 }), (first, second) => {
        const n = first + second;
        let atLeast = 0;
        for (let throws = 0; throws < 2 ** n; throws++) {
          let heads = 0;
          for (let bit = 0; bit < n; bit++) heads += (throws >> bit) & 1;
          if (Math.min(heads, n - heads) <= Math.min(first, second)) atLeast++;
        }
        near(mcnemarExact(first, second), Math.min(1, atLeast / 2 ** n));
      }),
    );
    assert.ok(
      mcnemarExact(2_000, 2_100) > 0.1 && mcnemarExact(2_000, 2_400) < 1e-6,
      "large counts do not overflow",
    );
  });

  test("percentiles are values that occurred", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(percentiles(hundred), { n: 100, p50: 50, p95: 95, p99: 99, max: 100 });
    assert.deepEqual(percentiles([7]), { n: 1, p50: 7, p95: 7, p99: 7, max: 7 });
    assert.equal(percentiles([]), undefined);
  });
});

test("where all are right the interval that is shown still knows how few they were", () => {
  const few = wilson(8, 8);
  assert.deepEqual(intervalToShow({ wilson: few, byScene: [1, 1] }), few);
  const [wide, narrow] = [
    [0.3, 0.9],
    [0.5, 0.7],
  ] as const;
  assert.deepEqual(intervalToShow({ wilson: narrow, byScene: wide }), wide, "scenes that differ");
  assert.deepEqual(intervalToShow({ wilson: wide, byScene: narrow }), wide, "a handful of scenes");
  assert.equal(intervalToShow({ byScene: [1, 1] }), undefined);
  assert.equal(intervalToShow(undefined), undefined);
});
