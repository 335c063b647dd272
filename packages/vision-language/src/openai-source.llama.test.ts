import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenAiServer } from "@followspot/openai-server";
import { llamaForTests, pythonForTests } from "@followspot/testkit";
import sharp from "sharp";
import { READINGS } from "./reading/reading.ts";
import { madeUpShow } from "./testdata/made-up-show.ts";
import { openVisionRecognizer } from "./vision-recognizer.ts";

// A real llama.cpp server with a Qwen2-VL of random weights: what it says is nonsense, and must be within the closed set.
const environment = await pythonForTests("llama");

test("a recognizer on a real llama.cpp server: found, warmed up, asked by list and by score, and lost when it dies", {
  skip: environment.skip,
}, async (context) => {
  if (!environment.python) return;
  const llama = await llamaForTests({ python: environment.python.python }, context);
  const client = new OpenAiServer({ address: { url: llama.url } });
  const show = madeUpShow();
  const labels = show.cast.map(({ id }) => id);
  const jpeg = await sharp({ create: { width: 224, height: 168, channels: 3, background: "#a04020" } })
    .jpeg()
    .toBuffer();
  for (const ask of ["list", "score"] as const) {
    const recognizer = await openVisionRecognizer({ client, show, recognizer: { ask } });
    try {
      const identity = await recognizer.waitUntilReady(AbortSignal.timeout(60_000));
      assert.match(identity.version, /^tiny\.[0-9a-f]{12}\+[0-9a-f]{8}$/);
      const answer = await recognizer.recognize({ jpeg, labels, deadlineMs: 30_000 });
      assert.deepEqual(
        answer.labels.map(({ label }) => label),
        labels,
      );
      assert.ok(answer.labels.every(({ score }) => score >= 0 && score <= 1));
      assert.ok(
        answer.ranked.every((label) => [...labels, "unknown"].includes(label)),
        answer.ranked.join(),
      );
      assert.ok(READINGS.includes(answer.reading));
    } finally {
      await recognizer.close();
    }
  }
  const recognizer = await openVisionRecognizer({ client, show, recognizer: { ask: "list" } });
  context.after(async () => {
    await recognizer.close();
    await client.close();
  });
  await recognizer.waitUntilReady(AbortSignal.timeout(60_000));
  await llama.stop();
  await assert.rejects(recognizer.recognize({ jpeg, labels, deadlineMs: 5_000 }), { reason: "unavailable" });
  assert.notEqual(recognizer.report.state, "ready");
});
