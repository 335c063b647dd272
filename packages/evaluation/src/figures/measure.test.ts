import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { GIBBERISH, madeUp, outcome, saying } from "../testdata/made-up-exhibit.ts";
import { compareOutcomes } from "./compare.ts";
import { conditionFigures } from "./conditions.ts";
import { measure } from "./measure.ts";

const OPTIONS = { labels: ["red", "wolf"], threshold: 0.5, seed: 1 };

/** Four pictures of the cast, two strangers, one of both. */
const OUTCOMES = [
  outcome(madeUp(["red"], { scene: "a" }), saying({ red: 0.9, wolf: 0.1 })),
  outcome(madeUp(["red"], { scene: "a" }), saying({ wolf: 0.8, red: 0.3 })),
  outcome(madeUp(["wolf"], { scene: "b" }), saying({ wolf: 0.4, red: 0.2 })),
  outcome(madeUp(["wolf"], { scene: "b" }), GIBBERISH),
  outcome(madeUp([], { scene: "c" }), saying({ red: 0.6, wolf: 0.1 })),
  outcome(madeUp([], { scene: "c" }), saying({ red: 0.1, wolf: 0.05 })),
  outcome(madeUp(["red", "wolf"], { scene: "c", objects: [] }), saying({ red: 0.9, wolf: 0.7 })),
];

describe("the figures of seven answers, by hand", () => {
  const figures = measure(OUTCOMES, [], OPTIONS);

  test("top-1 asks who is on top whatever its score, and an answer that cannot be read is wrong", () => {
    assert.deepEqual(figures.accuracy, { top1: 0.5, top3: 0.75, macroF1: figures.macroF1, n: 4 });
    assert.equal(figures.top3, 0.75);
    assert.equal(figures.n, 7);
    assert.deepEqual(figures.unparseable, { n: 1, share: 1 / 7 });
    // red: shown 2, said 1, right 1; wolf: shown 2, said 2, right 1.
    assert.ok(Math.abs((figures.macroF1 ?? 0) - (2 / 3 + 2 / 4) / 2) < 1e-9);
  });

  test("the confusion matrix has strangers and what could not be read, and names from the threshold on", () => {
    assert.deepEqual(figures.confusion, {
      truths: ["wolf", "red", "unknown"],
      guesses: ["wolf", "red", "unknown", "unparseable"],
      counts: [
        [0, 0, 1, 1],
        [1, 1, 0, 0],
        [0, 1, 1, 0],
      ],
    });
  });

  test("strangers are told from the cast by the highest score", () => {
    // Cast .9 .8 .4 0 .9 against .6 .1: pairs in order 2 + 2 + 1 + 0 + 2 of 10.
    assert.equal(figures.openSet?.auroc, 0.7);
    assert.equal(figures.openSet?.fpr95, 1);
    assert.equal(figures.openSet?.falseNames, 0.5);
    assert.deepEqual([figures.openSet?.cast, figures.openSet?.strangers], [5, 2]);
  });

  test("positive and negative ask of each label whether it is in each picture", () => {
    // red is in 3 pictures, named in 2 of them; elsewhere (4): named once, once unreadable.
    assert.deepEqual(
      [figures.perLabel.red?.positive, figures.perLabel.red?.negative, figures.perLabel.red?.weighted],
      [2 / 3, 2 / 4, (2 / 3 + 2 / 4) / 2],
    );
    // wolf is in 3, named in 1; elsewhere (4): named once.
    assert.deepEqual([figures.perLabel.wolf?.positive, figures.perLabel.wolf?.negative], [1 / 3, 3 / 4]);
    assert.equal(figures.positive, (2 / 3 + 1 / 3) / 2);
  });

  test("several at once counts the framed pictures and the collages, each and together", () => {
    assert.deepEqual(figures.multi.pictures, { microF1: 1, precision: 1, recall: 1, exact: 1, n: 1 });
    assert.equal(figures.multi.collages, null);
    const parts = [madeUp(["red"]), madeUp(["wolf"])];
    const collage = { parts, scene: "a + b", load: () => Promise.reject(new Error("nobody looks")) };
    const { multi } = measure(OUTCOMES, [{ collage, answer: saying({ red: 0.9, wolf: 0.1 }) }], OPTIONS);
    assert.deepEqual(multi.collages, { microF1: 2 / 3, precision: 1, recall: 0.5, exact: 0, n: 1 });
    assert.deepEqual([multi.microF1, multi.exact], [(2 * 3) / 7, 0.5]);
  });

  test("those who never look: always the commonest, and a blind guess", () => {
    assert.deepEqual(figures.controls, { majority: 0.5, random: 0.5 });
  });

  test("intervals hold what they are of", () => {
    const { wilson, byScene } = figures.intervals["accuracy.top1"] ?? {};
    assert.ok(wilson && wilson[0] < 0.5 && wilson[1] > 0.5);
    assert.ok(byScene && byScene[0] <= 0.5 && byScene[1] >= 0.5);
  });
});

test("a data set without strangers, or without anybody, has no figure for them", () => {
  const alone = measure(OUTCOMES.slice(0, 1), [], OPTIONS);
  assert.equal(alone.openSet, null);
  const nobody = measure([], [], OPTIONS);
  assert.deepEqual(
    [nobody.accuracy.top1, nobody.macroF1, nobody.calibration.ece, nobody.multi.microF1, nobody.weighted],
    [null, null, null, null, null],
  );
});

test("two recognizers are compared on the pictures that both were asked about", () => {
  const pictures = Array.from({ length: 12 }, (_, index) => madeUp(["red"], { scene: String(index % 4) }));
  const right = saying({ red: 0.9 });
  const wrong = saying({ wolf: 0.9 });
  const first = pictures.map((picture) => outcome(picture, right));
  const second = pictures.slice(2).map((picture, index) => outcome(picture, index < 6 ? wrong : right));
  const compared = compareOutcomes(first, second, { threshold: 0.5, seed: 1 });
  assert.deepEqual(
    [compared?.n, compared?.onlyFirst, compared?.onlySecond, compared?.difference],
    [10, 6, 0, 0.6],
  );
  assert.ok(Math.abs((compared?.mcnemarP ?? 0) - 2 / 2 ** 6) < 1e-9);
  assert.ok(compared?.interval && compared.interval[0] <= 0.6 && compared.interval[1] >= 0.6);
  assert.equal(compareOutcomes(first.slice(0, 1), second.slice(3), { threshold: 0.5, seed: 1 }), undefined);
});

test("conditions hide nothing: every picture is in one row of each", () => {
  const rows = conditionFigures(
    Array.from({ length: 9 }, (_, index) => ({
      right: index % 2 === 0,
      circumstances: {
        scene: index < 4 ? "wall" : `own-${index}`,
        brightness: index * 30,
        sharpness: index / 9,
        subjectPixels: index === 0 ? undefined : index * 50,
        subjects: index % 3,
      },
    })),
  );
  for (const condition of ["scene", "light", "sharpness", "size", "subjects"]) {
    const own = rows.filter((row) => row.condition === condition);
    assert.equal(
      own.reduce((sum, { n }) => sum + n, 0),
      9,
    );
    assert.equal(
      own.reduce((sum, { right }) => sum + right, 0),
      5,
    );
  }
  assert.deepEqual(
    rows.filter(({ condition }) => condition === "scene").map(({ value, n }) => [value, n]),
    [
      ["(scenes of one picture)", 5],
      ["wall", 4],
    ],
  );
});
