import assert from "node:assert/strict";
import { test } from "node:test";
import { pythonForTests } from "@followspot/testkit";
import { BenchReport, formatReport } from "../index.ts";
import { scores } from "./scores.ts";

const { skip } = await pythonForTests("torch");

test("the bench asks one picture in four ways, and one pass says what the calls say, sooner", {
  skip,
}, async () => {
  const report = BenchReport.parse(await scores({ quick: true }));
  assert.ok(report.bench === "scores");
  assert.equal(report.onePassMs.n, 3);
  assert.ok(report.widestGap < 1e-3, `gap ${report.widestGap}`);
  assert.ok(report.ratios.yesNoCalls > 1.5 && report.ratios.callForEach > 1.5);
  assert.match(formatReport(report), /times one pass/);
});
