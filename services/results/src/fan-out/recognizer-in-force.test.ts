import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { WorkerStatusSchema } from "@followspot/schema/followspot/v1/observation";
import { recognizerInForce } from "./recognizer-in-force.ts";

const NOW = 100_000;

function worker(rung: string, { ageMs = 500, state = "ready" } = {}) {
  return create(WorkerStatusSchema, { state, inForce: { rung }, reportedAtMs: NOW - ageMs });
}

test("what may be counted on is the lowest rung that answers", () => {
  const both = [worker("qwen2-vl"), worker("understudy")];
  assert.equal(recognizerInForce(both, NOW)?.rung, "understudy");
  assert.equal(recognizerInForce([...both, worker("hold"), worker("manual")], NOW)?.rung, "understudy");
});

test("hold and manual are in force where nobody answers", () => {
  assert.equal(recognizerInForce([worker("manual"), worker("hold")], NOW)?.rung, "hold");
  assert.equal(recognizerInForce([worker("manual")], NOW)?.rung, "manual");
});

test("who has not reported for long, or stops, says nothing", () => {
  const gone = [worker("qwen2-vl", { ageMs: 5_000 }), worker("qwen2-vl", { state: "stopping" })];
  assert.equal(recognizerInForce(gone, NOW), undefined);
  assert.equal(recognizerInForce([...gone, worker("hold")], NOW)?.rung, "hold");
});
