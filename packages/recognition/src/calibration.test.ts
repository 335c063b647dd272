import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import fc from "fast-check";
import { DEFAULT_CALIBRATION, fitCalibration, probability } from "./calibration.ts";

test("probabilities come out as often right as they say", () => {
  const random = new SeededRandom(4);
  const scored = Array.from({ length: 4_000 }, () => {
    const raw = random.between(0, 4);
    return { raw, present: random.chance(1 / (1 + Math.exp(-(3 * raw - 6)))) };
  });
  const fit = fitCalibration(scored);
  for (const raw of [1, 2, 3]) {
    assert.ok(Math.abs(probability(fit, raw) - 1 / (1 + Math.exp(-(3 * raw - 6)))) < 0.05, `at ${raw}`);
  }
});

test("too few examples leave what was believed before", () => {
  assert.deepEqual(fitCalibration([{ raw: 1, present: true }]), DEFAULT_CALIBRATION);
});

test("more evidence never makes presence less probable, whatever was seen", () => {
  const seen = fc.array(
    fc.record({ raw: fc.double({ min: 0, max: 20, noNaN: true }), present: fc.boolean() }),
  );
  fc.assert(
    fc.property(seen, (scored) => {
      const fit = fitCalibration(scored);
      assert.ok(fit.slope > 0 && Number.isFinite(fit.offset));
      assert.ok(probability(fit, 3) >= probability(fit, 2));
    }),
  );
});
