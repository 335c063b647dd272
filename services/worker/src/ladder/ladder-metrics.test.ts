import assert from "node:assert/strict";
import { test } from "node:test";
import { Metrics } from "@followspot/runtime";
import { ladderMetrics } from "./ladder-metrics.ts";

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
