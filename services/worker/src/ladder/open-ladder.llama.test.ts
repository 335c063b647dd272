import assert from "node:assert/strict";
import { test } from "node:test";
import { llamaForTests, pythonForTests, until } from "@followspot/testkit";
import { openedLadder } from "../testdata/opened-ladder.ts";

const DEADLINE_MS = 2_000;
const SLACK_MS = 500;
const environment = await pythonForTests("llama");

test("a llama.cpp server named in show.yaml is the best rung, and when it dies the understudy answers the same frame", {
  skip: environment.skip,
}, async (t) => {
  if (!environment.python) return;
  const llama = await llamaForTests({ python: environment.python.python }, t);
  const { frame } = await openedLadder(t, {
    recognizer: `triton: "openai:${llama.url}", ask: score, deadlineMs: ${DEADLINE_MS}`,
    frameMaxAgeMs: 6_000,
    deadlineMs: 5_000,
  });
  await until("it is in force", async () => (await frame()) === "qwen2-vl", 60_000);
  await llama.stop();
  const startedMs = performance.now();
  assert.equal(await frame(), "understudy");
  const tookMs = performance.now() - startedMs;
  assert.ok(tookMs < DEADLINE_MS + SLACK_MS, `${tookMs} ms`);
});
