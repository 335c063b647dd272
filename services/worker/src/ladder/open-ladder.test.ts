import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Closer, Metrics } from "@followspot/runtime";
import { parseShow } from "@followspot/show";
import { silentLog, until } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { SMALL_PICTURE } from "../testdata/small-picture.ts";
import { describeLadder } from "./describe-ladder.ts";
import { ladderMetrics } from "./ladder-metrics.ts";
import { openLadder } from "./open-ladder.ts";

const LABELS = ["wolf", "hood"];
const HOUR_MS = 3_600_000;

async function setUp(t: TestContext) {
  const vision = await ScriptedTriton.start({
    models: [{ name: "qwen2_vl_scores", rung: "qwen2-vl", version: "q1" }],
  });
  t.after(() => vision.close());
  const understudy = await ScriptedTriton.start({ models: [{ version: "u1" }] });
  t.after(() => understudy.close());
  const source = [
    "id: s",
    "name: S",
    "cast:",
    ...LABELS.map((id) => `  - { id: ${id}, kind: character, name: ${id} }`),
    `recognizer: { triton: "${vision.address}" }`,
  ].join("\n");
  const closer = new Closer();
  t.after(() => closer.close());
  const ladder = await openLadder({
    show: parseShow(source, { dir: "/shows/s", file: "show.yaml" }),
    config: {
      understudy: { url: understudy.address, model: "understudy" },
      triton: { url: undefined, model: undefined },
      frameMaxAgeMs: 1_500,
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
    const { signal } = new AbortController();
    const place = { cameraId: "stage", frame: { run: 1, sequence: ++sequence } };
    const question = { ...place, jpeg: SMALL_PICTURE, labels: LABELS, signal, deadlineMs: 1_500 };
    return (await ladder.recognize(question).catch(() => undefined))?.recognizer.rung;
  };
  const untilBest = () => until("it is in force", async () => (await frame()) === "qwen2-vl");
  return { ladder, untilBest };
}

test("since when a rung stands is told by the clock that all go by, also after that one was put right", async (t) => {
  const { ladder, untilBest } = await setUp(t);
  await untilBest();
  for (const jumpMs of [0, -HOUR_MS, HOUR_MS]) {
    const nowMs = () => Date.now() + jumpMs;
    const { inForceSinceMs, ladder: rungs } = describeLadder(ladder, nowMs);
    for (const sinceMs of [inForceSinceMs, ...(rungs ?? []).map((rung) => rung.sinceMs)]) {
      const agoMs = nowMs() - (sinceMs ?? NaN);
      assert.ok(agoMs >= -1 && agoMs < HOUR_MS / 60, `${agoMs} ms ago`);
    }
  }
});
