import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { paintDataset } from "../../packages/evaluation/src/testdata/paint-dataset.ts";
import { followspot } from "./run-followspot.ts";

/** What whoever reads figures by machine counts on. */
const FIELDS = [
  "n",
  "accuracy.top1",
  "accuracy.top3",
  "accuracy.macroF1",
  "macroF1",
  "perLabel.red.recall",
  "confusion.counts",
  "openSet.auroc",
  "openSet.fpr95",
  "calibration.ece",
  "multi.microF1",
  "multi.exact",
  "positive",
  "negative",
  "weighted",
  "latencyMs.p50",
  "latencyMs.p95",
  "latencyMs.p99",
  "controls.majority",
  "controls.random",
  "controls.backgroundOnly",
  "intervals",
  "dataset.hash",
  "command",
  "seed",
  "machine.cpu",
];

async function setUp(t: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), "followspot-evaluate-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  await paintDataset(join(dir, "dataset"));
  const triton = await ScriptedTriton.start({
    models: [
      { name: "halfway" },
      { name: "talker", contract: "vllm", texts: ({ number }) => [number % 3 === 0 ? "red" : "who knows"] },
    ],
  });
  t.after(() => triton.close());
  return { dir, triton };
}

function fieldOf(json: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((at, name) => (at as Record<string, unknown> | null)?.[name], json);
}

test("evaluate writes the figures and the page of recognizers behind both contracts, and compares them", async (t) => {
  const { dir, triton } = await setUp(t);
  const [json, html] = [join(dir, "figures.json"), join(dir, "report.html")];
  const names = `${triton.address}/halfway,${triton.address}/talker`;
  const run = followspot(t, [
    "evaluate",
    "--recognizer",
    names,
    "--dataset",
    join(dir, "dataset"),
    "--json",
    json,
    "--html",
    html,
  ]);
  assert.equal(await run.ended, 0, run.errors());
  const report = JSON.parse(await readFile(json, "utf8")) as Record<string, unknown>;
  for (const field of FIELDS) assert.notEqual(fieldOf(report, field) ?? undefined, undefined, field);
  for (const field of FIELDS.slice(0, 9)) {
    assert.notEqual(fieldOf(report.second, field) ?? undefined, undefined, `second.${field}`);
  }
  assert.ok((fieldOf(report, "second.unparseable.n") as number) > 0);
  assert.equal(typeof fieldOf(report, "comparison.mcnemarP"), "number");
  assert.match(run.output(), /exact McNemar p = /);
  const page = await readFile(html, "utf8");
  assert.match(page, /^<!doctype html>/);
  assert.doesNotMatch(page, /<script/);
});

test("with --json alone the document is all that stands on standard output", async (t) => {
  const { dir, triton } = await setUp(t);
  const run = followspot(t, [
    "evaluate",
    "--recognizer",
    `${triton.address}/halfway`,
    "--dataset",
    join(dir, "dataset"),
    "--json",
  ]);
  assert.equal(await run.ended, 0, run.errors());
  assert.equal(fieldOf(JSON.parse(run.output()), "n"), 12);
});

test("what evaluate cannot use is said in a sentence, without a stack trace", async (t) => {
  const { dir, triton } = await setUp(t);
  const dataset = ["--dataset", join(dir, "dataset")];
  for (const [args, sentence] of [
    [["--recognizer", "oracle", ...dataset], /"oracle" is none of understudy, current/],
    [["--recognizer", `${triton.address}/halfway`, "--dataset", join(dir, "none")], /none.*metadata\.jsonl/],
    [["--recognizer", "a,b,c,d,e,f,g", ...dataset], /one to 6 recognizers/],
    [["--labels", "bear", ...dataset], /no picture of "bear"/],
  ] as const) {
    const run = followspot(t, ["evaluate", ...args]);
    assert.equal(await run.ended, 2, run.errors());
    assert.match(run.errors(), sentence);
    assert.doesNotMatch(run.errors(), /\n\s+at /);
  }
});
