import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { FOLLOWSPOT_POLICY } from "./followspot-policy.ts";
import type { PolicyDescription } from "./frame-policy.ts";
import { PUBLISHED_POLICIES } from "./published-policies.ts";
import { type SimulationResult, simulate } from "./simulate.ts";
import { arrivalTrace } from "./trace.ts";

const POLICIES = [FOLLOWSPOT_POLICY, ...PUBLISHED_POLICIES];

const situations = fc.record({
  cameras: fc.integer({ min: 1, max: 12 }),
  fps: fc.integer({ min: 1, max: 30 }),
  durationMs: fc.integer({ min: 1, max: 6_000 }),
  jitterMs: fc.integer({ min: 0, max: 20 }),
  seed: fc.integer({ min: 0, max: 1_000_000 }),
  serviceMs: fc.integer({ min: 1, max: 700 }),
});

type Situation = typeof situations extends fc.Arbitrary<infer T> ? T : never;

function run(policy: PolicyDescription, situation: Situation): SimulationResult {
  const trace = arrivalTrace(situation);
  const { cameras, serviceMs, durationMs: untilMs } = situation;
  return simulate(policy, { trace, cameras, serviceMs, untilMs });
}

function policyNamed(name: string): PolicyDescription {
  const found = POLICIES.find((policy) => policy.name === name);
  if (!found) throw new Error(`there is no policy ${name}`);
  return found;
}

for (const policy of POLICIES) {
  test(`${policy.name}: every frame is recognized, dropped, or waits; none twice`, () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const { arrived, inferences, drops, waiting } = run(policy, situation);
        const dropped = Object.values(drops).reduce((total, n) => total + n, 0);
        assert.equal(arrived, inferences.length + dropped + waiting);
        const distinct = new Set(inferences.map(({ frame }) => `${frame.camera}:${frame.sequence}`));
        assert.equal(distinct.size, inferences.length);
      }),
    );
  });

  test(`${policy.name}: a camera's frames are recognized in order, none before its capture, one at a time`, () => {
    fc.assert(
      fc.property(situations, (situation) => {
        const newest = new Map<number, number>();
        let freeAtMs = 0;
        for (const { frame, startedAtMs, publishedAtMs } of run(policy, situation).inferences) {
          assert.ok(frame.sequence > (newest.get(frame.camera) ?? 0));
          newest.set(frame.camera, frame.sequence);
          assert.ok(startedAtMs >= frame.capturedAtMs && startedAtMs >= freeAtMs);
          freeAtMs = publishedAtMs;
        }
      }),
    );
  });

  test(`${policy.name}: the same input gives the same output`, () => {
    fc.assert(
      fc.property(situations, (situation) => {
        assert.deepEqual(run(policy, situation), run(policy, situation));
      }),
      { numRuns: 20 },
    );
  });
}

test("plain BullMQ is first in, first out over all cameras", () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const { inferences } = run(policyNamed("bullmq-fifo"), situation);
      const captured = inferences.map(({ frame }) => frame.capturedAtMs);
      assert.deepEqual(
        captured,
        captured.toSorted((a, b) => a - b),
      );
    }),
  );
});

test("ours begins no frame of a camera while a newer one of that camera is there", () => {
  fc.assert(
    fc.property(situations, (situation) => {
      const trace = arrivalTrace(situation);
      for (const { frame, startedAtMs } of run(FOLLOWSPOT_POLICY, situation).inferences) {
        // What arrives in the very moment is dispatched after it.
        const newer = trace.find(
          ({ camera, sequence, capturedAtMs }) =>
            camera === frame.camera && sequence > frame.sequence && capturedAtMs < startedAtMs,
        );
        assert.equal(newer, undefined);
      }
    }),
  );
});

test("under overload ours is as old as the service plus less than a frame's distance, and fair", () => {
  const situation = { cameras: 50, fps: 10, durationMs: 120_000, jitterMs: 2, seed: 7, serviceMs: 217 };
  const { inferences } = run(FOLLOWSPOT_POLICY, situation);
  const ages = inferences.map(({ frame, publishedAtMs }) => publishedAtMs - frame.capturedAtMs);
  const tooOld = ages.filter((ageMs) => ageMs > 217 + 100);
  assert.ok(tooOld.length <= ages.length / 100, `${tooOld.length} of ${ages.length} are too old`);
  const shares = Array.from(
    { length: 50 },
    (_, camera) => inferences.filter(({ frame }) => frame.camera === camera).length,
  );
  assert.ok(Math.max(...shares) - Math.min(...shares) <= 3, `shares from ${Math.min(...shares)} up`);
});

test("plain BullMQ grows older for as long as there is more than it can do", () => {
  const situation = { cameras: 10, fps: 10, durationMs: 60_000, jitterMs: 2, seed: 7, serviceMs: 217 };
  const last = run(policyNamed("bullmq-fifo"), situation).inferences.at(-1);
  assert.ok(last && last.publishedAtMs - last.frame.capturedAtMs > 50_000);
});
