import assert from "node:assert/strict";
import { test } from "node:test";
import { pythonForTests } from "@followspot/testkit";
import { BenchReport, formatReport } from "../index.ts";
import { triton } from "./triton.ts";

const { skip } = await pythonForTests("server");

test("the bench compares three clients on a real server, and says so in figures and words", {
  skip,
}, async () => {
  const report = BenchReport.parse(await triton({ quick: true, seconds: 0.3 }));
  assert.ok(report.bench === "triton");
  assert.deepEqual(Object.keys(report.byConcurrency), ["1", "4", "8"]);
  for (const level of Object.values(report.byConcurrency)) {
    for (const { inferencesPerSecond, p50Ms } of [level.ours, level.perfAnalyzer, level.pythonClient]) {
      assert.ok(inferencesPerSecond > 1 && p50Ms > 0);
      // By Little's law about as many as are asked at a time. A mistaken unit would be a thousand times off; windows of
      // a tenth of a second cut what a busy machine holds up.
      assert.ok(inferencesPerSecond * p50Ms < 1_000 * 8 * 50);
    }
  }
  assert.equal(report.ours.inferencesPerSecond, report.byConcurrency["4"]?.ours.inferencesPerSecond);
  const text = formatReport(report);
  assert.match(text, /perf_analyzer/);
  for (const { goal } of report.goals) assert.ok(text.includes(goal));
});
