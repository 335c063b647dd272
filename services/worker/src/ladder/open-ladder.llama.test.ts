import assert from "node:assert/strict";
import { test } from "node:test";
import { Closer, Metrics } from "@followspot/runtime";
import { parseShow } from "@followspot/show";
import { llamaForTests, pythonForTests, silentLog, until } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { SMALL_PICTURE } from "../testdata/small-picture.ts";
import { ladderMetrics } from "./ladder-metrics.ts";
import { openLadder } from "./open-ladder.ts";

const DEADLINE_MS = 2_000;
const SLACK_MS = 500;
const LABELS = ["wolf", "hood"];
const environment = await pythonForTests("llama");

test("a llama.cpp server named in show.yaml is the best rung, and when it dies the understudy answers the same frame", {
  skip: environment.skip,
}, async (t) => {
  if (!environment.python) return;
  const llama = await llamaForTests({ python: environment.python.python }, t);
  const understudy = await ScriptedTriton.start({ models: [{ version: "u1" }] });
  t.after(() => understudy.close());
  const source = [
    "id: s",
    "name: S",
    "cast:",
    ...LABELS.map((id) => `  - { id: ${id}, kind: character, name: ${id} }`),
    `recognizer: { triton: "openai:${llama.url}", ask: score, deadlineMs: ${DEADLINE_MS} }`,
  ].join("\n");
  const closer = new Closer();
  t.after(() => closer.close());
  const ladder = await openLadder({
    show: parseShow(source, { dir: "/shows/s", file: "show.yaml" }),
    config: {
      understudy: { url: understudy.address, model: "understudy" },
      triton: { url: undefined, model: undefined },
      frameMaxAgeMs: 6_000,
      showStartedAtMs: Date.now(),
    },
    scene: () => undefined,
    closer,
    log: silentLog(),
    metrics: ladderMetrics(new Metrics("worker")),
    onChange: () => {},
  });
  let sequence = 0;
  const frame = async () => {
    const startedMs = performance.now();
    const signal = new AbortController().signal;
    const place = { cameraId: "stage", frame: { run: 1, sequence: ++sequence } };
    const question = { ...place, jpeg: SMALL_PICTURE, labels: LABELS, signal, deadlineMs: 5_000 };
    const answer = await ladder.recognize(question).catch(() => undefined);
    return { rung: answer?.recognizer.rung, tookMs: performance.now() - startedMs };
  };
  await until("it is in force", async () => (await frame()).rung === "qwen2-vl", 60_000);
  await llama.stop();
  const dead = await frame();
  assert.equal(dead.rung, "understudy");
  assert.ok(dead.tookMs < DEADLINE_MS + SLACK_MS, `${dead.tookMs} ms`);
});
