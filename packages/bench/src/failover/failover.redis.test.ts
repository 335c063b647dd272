import assert from "node:assert/strict";
import { test } from "node:test";
import { withoutRedis } from "@followspot/testkit";
import { BenchReport, formatReport, runBench } from "../index.ts";
import type { SeenObservation } from "../seen-observation.ts";
import { wrongs } from "./failover.ts";

function seen(sequence: number, cameraId = "a"): SeenObservation {
  const times = { capturedAtMs: 0, askedAtMs: 0, answeredAtMs: 0, modelMs: 0, receivedAtMs: 0 };
  return { cameraId, run: 1, sequence, rung: "understudy", ...times };
}

test("a frame that is published twice and one that is older than its camera's last are told apart", () => {
  assert.deepEqual(wrongs([seen(1), seen(2), seen(1, "b"), seen(4)]), { twice: 0, outOfOrder: 0 });
  assert.deepEqual(wrongs([seen(1), seen(2), seen(2), seen(1)]), { twice: 1, outOfOrder: 1 });
});

test("failover reports how long the next label took, and how long the better rung", {
  skip: withoutRedis,
}, async () => {
  const report = await runBench("failover", { quick: true });
  assert.ok(report.bench === "failover");
  assert.deepEqual(BenchReport.parse(JSON.parse(JSON.stringify(report))), report);
  assert.deepEqual(
    report.faults.map(({ fault }) => fault),
    ["kill", "hang"],
  );
  for (const { repetitions, nextLabelMs, promotedMs } of report.faults) {
    assert.equal(nextLabelMs.n, repetitions);
    assert.ok(nextLabelMs.p50 > 0 && promotedMs.p50 > 0);
  }
  assert.deepEqual([report.twice, report.outOfOrder], [0, 0]);
  assert.ok(report.observations > 20);
  const text = formatReport(report);
  for (const { goal } of report.goals) assert.ok(text.includes(goal));
});
