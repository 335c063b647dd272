import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Quotas } from "./quotas.ts";
import { showDay } from "./show-day.ts";

test("no minute, no label, no day and no disk gets more than its share", () => {
  const limits = { perLabelAMinute: 2, perMinute: 3, perLabel: 5, perShow: 8, bytes: 60 };
  const offer = fc.record({
    label: fc.constantFrom("wolf", "red", "axe"),
    bytes: fc.integer({ min: 1, max: 20 }),
    afterMs: fc.integer({ min: 0, max: 40_000 }),
  });
  fc.assert(
    fc.property(fc.array(offer, { maxLength: 60 }), (offers) => {
      const quotas = new Quotas(limits);
      const kept: { label: string; bytes: number; atMs: number }[] = [];
      let atMs = 0;
      for (const { label, bytes, afterMs } of offers) {
        atMs += afterMs;
        if (quotas.refuses(label, bytes, atMs)) continue;
        quotas.add(label, bytes, atMs);
        kept.push({ label, bytes, atMs });
      }
      assert.ok(kept.length <= limits.perShow);
      assert.ok(kept.reduce((sum, one) => sum + one.bytes, 0) <= limits.bytes);
      for (const { label, atMs: from } of kept) {
        const minute = kept.filter((one) => one.atMs >= from && one.atMs < from + 60_000);
        assert.ok(minute.length <= limits.perMinute);
        assert.ok(minute.filter((one) => one.label === label).length <= limits.perLabelAMinute);
        assert.ok(kept.filter((one) => one.label === label).length <= limits.perLabel);
      }
    }),
  );
});

test("what was refused names the quota", () => {
  const quotas = new Quotas({ perLabelAMinute: 1, perMinute: 9, perLabel: 2, perShow: 3, bytes: 100 });
  quotas.add("wolf", 10, 0);
  assert.equal(quotas.refuses("wolf", 10, 1_000), "quota-minute");
  assert.equal(quotas.refuses("red", 95, 1_000), "quota-bytes");
  quotas.add("wolf", 10, 60_000);
  assert.equal(quotas.refuses("wolf", 10, 200_000), "quota-label");
  quotas.add("red", 10, 120_000);
  assert.equal(quotas.refuses("axe", 10, 300_000), "quota-show");
});

test("a show that runs past midnight is one day", () => {
  const evening = new Date(2026, 4, 2, 21, 30).getTime();
  const night = new Date(2026, 4, 3, 0, 40).getTime();
  const morning = new Date(2026, 4, 3, 9, 0).getTime();
  assert.deepEqual([evening, night, morning].map(showDay), ["2026-05-02", "2026-05-02", "2026-05-03"]);
});
