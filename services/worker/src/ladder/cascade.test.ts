import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recognition } from "@followspot/triton";
import { Cascade, mergeAnswers } from "./cascade.ts";

const OPTIONS = { enterScore: 0.6, unsureBelow: 0.8, floorMs: 2_000 };
const scores = (of: Readonly<Record<string, number>>) => ({
  labels: Object.entries(of).map(([label, score]) => ({ label, score, raw: 0 })),
});

/** Shows it a frame, and what it says of it. */
function shown(cascade: Cascade, seen: ReturnType<typeof scores>, atMs: number, cameraId = "stage") {
  cascade.saw(cameraId, seen, atMs);
  return cascade.reasonToAsk(cameraId, seen, atMs);
}

test("a sure answer is good enough until the floor", () => {
  const cascade = new Cascade(OPTIONS);
  const nobody = scores({ wolf: 0.05, hood: 0.2 });
  assert.equal(shown(cascade, nobody, 0), undefined);
  assert.equal(shown(cascade, nobody, 1_999), undefined);
  assert.equal(shown(cascade, nobody, 2_000), "floor");
  cascade.asked("stage", 2_000);
  assert.equal(shown(cascade, nobody, 3_999), undefined);
});

test("whoever says neither yes nor no is checked, and the bounds are sure", () => {
  const cascade = new Cascade({ ...OPTIONS, enterScore: 1 });
  assert.equal(shown(cascade, scores({ wolf: 0.5 }), 0), "unsure");
  assert.equal(shown(cascade, scores({ wolf: 0.79 }), 0), "unsure");
  assert.equal(shown(cascade, scores({ wolf: 0.8, hood: 1 - 0.8 }), 0), undefined);
});

test("who enters is checked once, also after flickering, and again after having been away", () => {
  const cascade = new Cascade(OPTIONS);
  const seen = scores({ wolf: 0.9 });
  assert.equal(shown(cascade, seen, 0), "entered");
  cascade.asked("stage", 0);
  assert.equal(shown(cascade, seen, 100), undefined);
  assert.equal(shown(cascade, scores({ wolf: 0.1 }), 200), undefined);
  assert.equal(shown(cascade, seen, 900), undefined);
  assert.equal(shown(cascade, seen, 1_901), "entered");
  assert.equal(shown(cascade, seen, 1_950, "door"), "entered", "each camera has its own");
});

test("who has entered is to be checked until it was, or until he is gone", () => {
  const cascade = new Cascade(OPTIONS);
  const [seen, gone] = [scores({ wolf: 0.9 }), scores({ wolf: 0.1 })];
  for (let atMs = 0; atMs <= 5_000; atMs += 500) assert.equal(shown(cascade, seen, atMs), "entered");
  const unanswered = cascade.asked("stage", 5_000);
  assert.equal(shown(cascade, seen, 5_100), undefined);
  unanswered();
  assert.equal(shown(cascade, seen, 5_200), "entered", "it was asked, and had no answer");
  assert.equal(shown(cascade, gone, 6_200), "entered", "lost for a moment");
  assert.equal(shown(cascade, gone, 6_201), undefined, "he is gone");
});

test("an answer about the one who entered first says nothing of the one who entered meanwhile", () => {
  const cascade = new Cascade(OPTIONS);
  assert.equal(shown(cascade, scores({ wolf: 0.9 }), 0), "entered");
  const unanswered = cascade.asked("stage", 0);
  assert.equal(shown(cascade, scores({ wolf: 0.9, hood: 0.9 }), 100), "entered");
  unanswered();
  assert.equal(shown(cascade, scores({ hood: 0.1 }), 1_050), "entered", "the hood, still remembered");
});

test("a camera that was turned away with an entrance waits until it was asked about, for a second at most", () => {
  const cascade = new Cascade(OPTIONS);
  const seen = scores({ wolf: 0.9 });
  shown(cascade, seen, 0);
  assert.equal(cascade.turnedAwayLately(0), 0, "it may still be asked about at once");
  cascade.turnedAway("stage", 0);
  shown(cascade, seen, 1_000);
  assert.deepEqual([cascade.turnedAwayLately(1_000), cascade.turnedAwayLately(1_001)], [1, 0]);
  cascade.turnedAway("stage", 1_100);
  cascade.asked("stage", 1_100);
  assert.equal(cascade.turnedAwayLately(1_100), 0);
});

test("a merged answer has the scores and the name of one recognizer, and the boxes that it lacks from the other", () => {
  const identity = { name: "u", version: "1", accuracy: 0.8, rung: "understudy", instances: 1 } as const;
  const left = { left: 1, top: 1, right: 2, bottom: 2 };
  const right = { left: 5, top: 5, right: 6, bottom: 6 };
  const understudy: Recognition = {
    labels: [
      { label: "wolf", score: 0.5, raw: 0, box: left },
      { label: "hood", score: 0.9, raw: 1, box: left },
      { label: "axe", score: 0.1, raw: -1 },
    ],
    unknown: 0.5,
    version: "1",
    recognizer: identity,
    callMs: 10,
  };
  const vision: Recognition = {
    labels: [
      { label: "wolf", score: 0.99, raw: 5 },
      { label: "hood", score: 0.02, raw: -4, box: right },
      { label: "axe", score: 0.01, raw: -4 },
    ],
    unknown: 0.1,
    version: "9",
    recognizer: { ...identity, name: "q", version: "9", rung: "qwen2-vl" },
    callMs: 450,
  };
  assert.deepEqual(mergeAnswers(understudy, vision), {
    ...vision,
    labels: [
      { label: "wolf", score: 0.99, raw: 5, box: left },
      { label: "hood", score: 0.02, raw: -4, box: right },
      { label: "axe", score: 0.01, raw: -4 },
    ],
  });
});
