import assert from "node:assert/strict";
import { test } from "node:test";
import { Metrics } from "@followspot/runtime";
import { ladderMetrics } from "./ladder-metrics.ts";

test("every reason for a fall is there from the start, for a first one to be seen", async () => {
  const metrics = new Metrics("worker");
  const { onFall } = ladderMetrics(metrics);
  onFall("qwen2-vl", "silent");
  const text = await metrics.registry.metrics();
  assert.match(text, /rung_falls_total\{rung="qwen2-vl",reason="silent"\} 1/);
  for (const reason of ["unavailable", "model-unavailable", "deadline-exceeded"]) {
    assert.ok(text.includes(`rung_falls_total{rung="understudy",reason="${reason}"} 0`), reason);
  }
});

test("every fall down the parse ladder is there from the start, and is counted", async () => {
  const metrics = new Metrics("worker");
  const { onReading } = ladderMetrics(metrics);
  onReading("repaired-json");
  onReading("unreadable");
  onReading("unreadable");
  const counts = [
    ...(await metrics.registry.metrics()).matchAll(/answers_read_total\{reading="([^"]+)"\} (\d+)/g),
  ];
  assert.deepEqual(Object.fromEntries(counts.map(([, reading, count]) => [reading, Number(count)])), {
    scores: 0,
    probabilities: 0,
    "one-sided": 0,
    word: 0,
    json: 0,
    "repaired-json": 1,
    names: 0,
    misspelt: 0,
    unreadable: 2,
  });
});
