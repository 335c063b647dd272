import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import fc from "fast-check";
import { DEFAULT_CALIBRATION, fitCalibration, leadsOf, probability } from "./calibration.ts";

test("probabilities come out as often right as they say", () => {
  const random = new SeededRandom(4);
  const truth = (raw: number, lead: number) => 1 / (1 + Math.exp(-(12 * raw + 5 * lead - 6)));
  const scored = Array.from({ length: 4_000 }, () => {
    const [raw, lead] = [random.between(0, 1), random.between(-0.3, 0.3)];
    return { raw, lead, present: random.chance(truth(raw, lead)) };
  });
  const fit = fitCalibration(scored);
  for (const raw of [0.3, 0.5, 0.7]) {
    for (const lead of [-0.2, 0.2]) {
      assert.ok(Math.abs(probability(fit, { raw, lead }) - truth(raw, lead)) < 0.05, `at ${raw}, ${lead}`);
    }
  }
});

test("too few examples leave what was believed before", () => {
  assert.deepEqual(fitCalibration([{ raw: 1, lead: 0, present: true }]), DEFAULT_CALIBRATION);
});

test("more evidence never makes presence less probable, whatever was seen", () => {
  const seen = fc.array(
    fc.record({
      raw: fc.double({ min: -1, max: 1.2, noNaN: true }),
      lead: fc.double({ min: -1, max: 1, noNaN: true }),
      present: fc.boolean(),
    }),
  );
  fc.assert(
    fc.property(seen, (scored) => {
      const fit = fitCalibration(scored);
      assert.ok(Object.values(fit).every(Number.isFinite), JSON.stringify(fit));
      const at = (raw: number, lead: number) => probability(fit, { raw, lead });
      assert.ok(at(0.6, 0) >= at(0.5, 0) && at(0.5, 0.1) >= at(0.5, 0));
    }),
  );
});

test("who is first leads the second, all others are led by the first", () => {
  const near = (found: readonly number[], wanted: readonly number[]) =>
    assert.ok(
      found.length === wanted.length && found.every((one, at) => Math.abs(one - (wanted[at] ?? 9)) < 1e-9),
      found.join(" "),
    );
  near(leadsOf([0.2, 0.7, 0.4]), [-0.5, 0.3, -0.3]);
  near(leadsOf([0.5, 0.5]), [0, 0]);
  assert.ok((leadsOf([0.5])[0] ?? 0) > 0, "who is alone has nobody to fear");
});
