import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCpuTime, readProcessUsage } from "./process-usage.ts";

test("a running process has used time and memory, one that is gone has not", async () => {
  const usage = await readProcessUsage(process.pid);
  assert.ok(usage.cpuSeconds > 0);
  assert.ok(usage.rssMb > 10);
  assert.deepEqual(await readProcessUsage(2 ** 30), { cpuSeconds: 0, rssMb: 0 });
});

test("reads the ways in which ps writes CPU time", () => {
  assert.equal(parseCpuTime("0:01.50"), 1.5);
  assert.equal(parseCpuTime("01:02:03"), 3_723);
  assert.equal(parseCpuTime("2-00:00:01"), 172_801);
});
