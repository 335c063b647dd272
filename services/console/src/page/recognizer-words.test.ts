import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { HeartbeatSchema } from "@followspot/schema/followspot/v1/subscribe";
import { describeRecognizer, recognizerLines, recognizerSentence } from "../../page/recognizer-words.ts";

const NOW = 50_000;

function heard(rung: string, best = "closed", more: { readonly scene?: { readonly id: string } } = {}) {
  const heartbeat = create(HeartbeatSchema, {
    recognizer: { rung, accuracy: rung === "hold" || rung === "manual" ? 0 : 0.934 },
    workers: [
      {
        workerId: "w",
        state: rung === "hold" || rung === "manual" ? "waiting-for-recognizer" : "ready",
        reportedAtMs: NOW,
        ladder: [
          { rung: "qwen2-vl", breaker: best },
          { rung: "understudy", breaker: "closed" },
        ],
      },
    ],
    ...more,
  });
  return { heartbeat, results: "open", nowMs: NOW } as const;
}

test("the badge says the rung in force with its accuracy, and that a better one is missed", () => {
  assert.deepEqual(describeRecognizer(heard("qwen2-vl")), { lamp: "good", text: "qwen2-vl, 93 %" });
  assert.deepEqual(describeRecognizer(heard("understudy", "open")), {
    lamp: "waiting",
    text: "understudy, 93 %; qwen2-vl away",
  });
  assert.equal(
    describeRecognizer(heard("understudy", "warming-up")).text,
    "understudy, 93 %; qwen2-vl on trial",
  );
  assert.deepEqual(describeRecognizer(heard("hold", "open")), { lamp: "bad", text: "hold" });
  assert.deepEqual(describeRecognizer(heard("manual", "open")), { lamp: "bad", text: "manual" });
});

test("a stage manager reads in one sentence what to do", () => {
  assert.equal(recognizerSentence(heard("understudy", "open")), "");
  assert.match(recognizerSentence(heard("hold")), /the last that was known/);
  assert.match(recognizerSentence(heard("manual")), /run the cues by hand/);
  assert.equal(recognizerSentence({ ...heard("manual"), results: "lost" }), "", "who knows");
});

test("the lines name the scene, and how each model of the ladder is", () => {
  const { heartbeat } = heard("understudy", "warming-up", { scene: { id: "forest" } });
  const lines = Object.fromEntries(recognizerLines(heartbeat, NOW));
  assert.equal(lines.Scene, "forest");
  assert.equal(lines["Its ladder"], "qwen2-vl on trial, understudy ready");
});
