import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recognition } from "@followspot/triton";
import { Cascade, mergeAnswers } from "./cascade.ts";

const OPTIONS = { enterScore: 0.6, unsureBelow: 0.8, floorMs: 2_000 };
const scores = (of: Readonly<Record<string, number>>) => ({
  labels: Object.entries(of).map(([label, score]) => ({ label, score, raw: 0 })),
});

test("a sure answer is good enough until the floor", () => {
  const cascade = new Cascade(OPTIONS);
  const nobody = scores({ wolf: 0.05, hood: 0.2 });
  assert.equal(cascade.reasonToAsk("stage", nobody, 0), undefined);
  assert.equal(cascade.reasonToAsk("stage", nobody, 1_999), undefined);
  assert.equal(cascade.reasonToAsk("stage", nobody, 2_000), "floor");
  cascade.asked("stage", 2_000);
  assert.equal(cascade.reasonToAsk("stage", nobody, 3_999), undefined);
});

test("whoever says neither yes nor no is checked, and the bounds are sure", () => {
  const cascade = new Cascade({ ...OPTIONS, enterScore: 1 });
  assert.equal(cascade.reasonToAsk("stage", scores({ wolf: 0.5 }), 0), "unsure");
  assert.equal(cascade.reasonToAsk("stage", scores({ wolf: 0.79 }), 0), "unsure");
  assert.equal(cascade.reasonToAsk("stage", scores({ wolf: 0.8, hood: 1 - 0.8 }), 0), undefined);
});

test("who enters is checked once, also after flickering, and again after having been away", () => {
  const cascade = new Cascade(OPTIONS);
  const seen = scores({ wolf: 0.9 });
  assert.equal(cascade.reasonToAsk("stage", seen, 0), "entered");
  assert.equal(cascade.reasonToAsk("stage", seen, 100), undefined);
  assert.equal(cascade.reasonToAsk("stage", scores({ wolf: 0.1 }), 200), undefined);
  assert.equal(cascade.reasonToAsk("stage", seen, 900), undefined);
  assert.equal(cascade.reasonToAsk("stage", seen, 1_901), "entered");
  assert.equal(cascade.reasonToAsk("door", seen, 1_950), "entered", "each camera has its own");
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
