import assert from "node:assert/strict";
import { test } from "node:test";
import { ConditionTallies } from "./condition-tallies.ts";
import { LabelTally } from "./label-score.ts";

test("precision, recall and F1 are counted label by label", () => {
  const tally = new LabelTally(["wolf", "red", "cake"]);
  tally.count(new Set(["wolf"]), new Set(["wolf", "red"]));
  tally.count(new Set(["wolf", "red"]), new Set(["red"]));
  assert.deepEqual(tally.byLabel, {
    wolf: { precision: 0.5, recall: 1, f1: 0.6667, secondsOnStage: 1, secondsCounted: 2 },
    red: { precision: 1, recall: 0.5, f1: 0.6667, secondsOnStage: 2, secondsCounted: 2 },
  });
  assert.equal(tally.macroF1, 0.6667);
});

test("a label that is left out in a second is not judged in it", () => {
  const tally = new LabelTally(["wolf"]);
  tally.count(new Set(["wolf"]), new Set(), new Set(["wolf"]));
  assert.deepEqual(tally.byLabel, {});
  assert.equal(tally.macroF1, 0);
});

test("each condition has its own score, and says of how many seconds it is", () => {
  const tallies = new ConditionTallies(["wolf"]);
  tallies.of("moonlight").count(new Set(), new Set(["wolf"]));
  tallies.of("warm").count(new Set(["wolf"]), new Set(["wolf"]));
  tallies.of("moonlight").count(new Set(["wolf"]), new Set(["wolf"]));
  assert.deepEqual(tallies.scores, {
    moonlight: { macroF1: 0.6667, seconds: 2 },
    warm: { macroF1: 1, seconds: 1 },
  });
});
