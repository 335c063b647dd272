import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import { withoutRedis } from "@followspot/testkit";
import { BENCHES, BenchReport, formatReport, runBench } from "./index.ts";

test("an unknown bench, and a length that is none, are refused in a sentence", async () => {
  await assert.rejects(runBench("nothing"), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, new RegExp(Object.keys(BENCHES).join(", ")));
    return true;
  });
  await assert.rejects(runBench("overload", { seconds: Number.NaN }), UserError);
  await assert.rejects(runBench("overload", { seconds: 0 }), UserError);
});

test("overload reports age, fairness and drops by number of cameras, and what other policies would do", {
  skip: withoutRedis,
}, async () => {
  const said: string[] = [];
  const report = await runBench("overload", { quick: true, seconds: 2, say: (line) => said.push(line) });

  assert.ok(report.bench === "overload");
  // What a file holds is what was measured.
  assert.deepEqual(BenchReport.parse(JSON.parse(JSON.stringify(report))), report);
  assert.deepEqual(Object.keys(report.byCameras), ["10", "50", "100"]);
  for (const level of Object.values(report.byCameras)) {
    assert.ok(level.inferences > 0, "nothing was recognized");
    assert.equal(level.ageMs.n, level.inferences);
    // A timer of 217 ms may come nearly one early.
    assert.ok(level.serviceMs > 216 && level.ageMs.p50 > level.serviceMs);
    assert.ok(level.fairness > 0 && level.fairness <= level.bestFairness);
    assert.ok((level.drops["redis: superseded"] ?? 0) > 0);
    assert.ok(level.redisMemoryBytes.end > 0 && level.rssMb.end > 0);
    assert.ok(level.processes.worker && level.processes.redis);
  }
  assert.equal(report.policies.length, 3 * 9);
  assert.ok(said.length >= 4);
  const text = formatReport(report);
  for (const { goal } of report.goals) assert.ok(text.includes(goal));
});
