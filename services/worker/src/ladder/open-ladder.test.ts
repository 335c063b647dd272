import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { openedLadder } from "../testdata/opened-ladder.ts";
import { describeLadder } from "./describe-ladder.ts";

const HOUR_MS = 3_600_000;

test("since when a rung stands is told by the clock that all go by, also after that one was put right", async (t) => {
  const vision = await ScriptedTriton.start({
    models: [{ name: "qwen2_vl_scores", rung: "qwen2-vl", version: "q1" }],
  });
  t.after(() => vision.close());
  const recognizer = `triton: "${vision.address}"`;
  const { ladder, frame } = await openedLadder(t, { recognizer, frameMaxAgeMs: 1_500, deadlineMs: 1_500 });
  await until("it is in force", async () => (await frame()) === "qwen2-vl");
  for (const jumpMs of [0, -HOUR_MS, HOUR_MS]) {
    const nowMs = () => Date.now() + jumpMs;
    const { inForceSinceMs, ladder: rungs } = describeLadder(ladder, nowMs);
    for (const sinceMs of [inForceSinceMs, ...(rungs ?? []).map((rung) => rung.sinceMs)]) {
      const agoMs = nowMs() - (sinceMs ?? NaN);
      assert.ok(agoMs >= -1 && agoMs < HOUR_MS / 60, `${agoMs} ms ago`);
    }
  }
});
