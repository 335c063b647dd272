import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import fc from "fast-check";
import type { PresenceChange } from "./change.ts";
import { PresenceFilter } from "./presence-filter.ts";
import { LABELS, OPTIONS, observation } from "./testdata/scene.ts";

type Input =
  | { readonly kind: "look"; readonly observation: Observation }
  | { readonly kind: "tick"; readonly nowMs: number; readonly lost: readonly string[] };

const CAMERAS = ["left", "right", "top"];

/** Anything that may happen, in any order: late answers, darkness, lost cameras, pauses, noise. */
const inputs: fc.Arbitrary<Input[]> = fc
  .array(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          kind: fc.constant("look" as const),
          stepMs: fc.integer({ min: 0, max: 400 }),
          lateMs: fc.integer({ min: 0, max: 300 }),
          camera: fc.constantFrom(...CAMERAS),
          light: fc.constantFrom(0.5, 0.5, 0.5, 0.04, 0.001),
          scores: fc.dictionary(
            fc.constantFrom(...LABELS),
            fc.constantFrom(0.95, 0.95, 0.9, 0.5, 0.05, 0.05, 0.01),
          ),
        }),
      },
      {
        weight: 1,
        arbitrary: fc.record({
          kind: fc.constant("tick" as const),
          stepMs: fc.constantFrom(0, 250, 250, 2_500, 30_000),
          lost: fc.subarray(CAMERAS),
        }),
      },
    ),
    { maxLength: 120, size: "max" },
  )
  .map((steps) => {
    let nowMs = 1_000_000;
    return steps.map((step, index): Input => {
      nowMs += step.stepMs;
      if (step.kind === "tick") return { kind: "tick", nowMs, lost: step.lost };
      const { camera, light, scores } = step;
      const atMs = nowMs - step.lateMs;
      return { kind: "look", observation: observation({ atMs, camera, light, scores, sequence: index + 1 }) };
    });
  });

function run(filter: PresenceFilter, steps: readonly Input[]): PresenceChange[] {
  return steps.flatMap((input) =>
    input.kind === "look" ? filter.observe(input.observation) : filter.tick(input.nowMs, input.lost),
  );
}

function byLabel(changes: readonly PresenceChange[]): PresenceChange[][] {
  return LABELS.map((label) => changes.filter((change) => change.label === label));
}

test("the generated inputs do make labels enter, exit, become unknown and be held", () => {
  const seen = new Set(
    fc
      .sample(inputs, { numRuns: 300, seed: 1 })
      .flatMap((steps) => run(new PresenceFilter(OPTIONS), steps))
      .map(({ type }) => type),
  );
  assert.deepEqual([...seen].sort(), ["ENTER", "EXIT", "HOLD", "UNKNOWN"]);
});

test("entrances and exits of a label take turns, and what is told fits what was told before", () => {
  fc.assert(
    fc.property(inputs, (steps) => {
      for (const changes of byLabel(run(new PresenceFilter(OPTIONS), steps))) {
        let present = false;
        let known = false;
        let presenceId = "";
        for (const change of changes) {
          if (change.type === "ENTER") {
            assert.equal(present, false);
            assert.notEqual(change.presenceId, presenceId);
            presenceId = change.presenceId;
            present = true;
          } else if (change.type === "EXIT") {
            assert.equal(present, true);
            assert.equal(change.presenceId, presenceId);
            present = false;
          } else if (change.type === "UNKNOWN") assert.equal(known, true);
          else assert.equal(known, false);
          known = change.type !== "UNKNOWN";
          assert.equal(change.state, known ? (present ? "PRESENT" : "ABSENT") : "UNKNOWN");
        }
      }
    }),
  );
});

test("times of a label never go back, and nothing settles before it happened", () => {
  fc.assert(
    fc.property(inputs, (steps) => {
      for (const changes of byLabel(run(new PresenceFilter(OPTIONS), steps))) {
        for (const [index, change] of changes.entries()) {
          const before = changes[index - 1];
          assert.ok(change.happenedAtMs <= change.settledAtMs);
          if (!before) continue;
          assert.ok(before.happenedAtMs <= change.happenedAtMs);
          assert.ok(before.settledAtMs <= change.settledAtMs);
        }
      }
    }),
  );
});

test("a filter restored from its JSON at any point goes on as if nothing had been", () => {
  fc.assert(
    fc.property(inputs, fc.nat(), (steps, cut) => {
      const at = steps.length === 0 ? 0 : cut % steps.length;
      const whole = run(new PresenceFilter(OPTIONS), steps);
      const first = new PresenceFilter(OPTIONS);
      const before = run(first, steps.slice(0, at));
      const second = new PresenceFilter(OPTIONS, JSON.parse(JSON.stringify(first)));
      assert.deepEqual([...before, ...run(second, steps.slice(at))], whole);
    }),
  );
});

test("counting observations twice after a takeover changes nothing", () => {
  fc.assert(
    fc.property(inputs, fc.nat(), (steps, cut) => {
      const looks = steps.filter(({ kind }) => kind === "look");
      const at = looks.length === 0 ? 0 : cut % looks.length;
      const filter = new PresenceFilter(OPTIONS);
      run(filter, looks.slice(0, at));
      const before = JSON.stringify(filter);
      assert.deepEqual(run(filter, looks.slice(0, at)), []);
      assert.equal(JSON.stringify(filter), before);
    }),
  );
});

test("what cannot be seen never makes anybody exit: darkness, silence, lost cameras", () => {
  const blind = fc.array(
    fc.record({
      camera: fc.constantFrom(...CAMERAS),
      dark: fc.boolean(),
      stepMs: fc.integer({ min: 0, max: 5_000 }),
      lost: fc.subarray(CAMERAS),
    }),
  );
  fc.assert(
    fc.property(inputs, blind, (steps, nights) => {
      const filter = new PresenceFilter(OPTIONS);
      run(filter, steps);
      let nowMs = 10_000_000;
      for (const [index, { camera, dark, stepMs, lost }] of nights.entries()) {
        nowMs += stepMs;
        const scores = { wolf: 0.01, grandmother: 0.01, basket: 0.01 };
        const changes = dark
          ? filter.observe(observation({ atMs: nowMs, camera, scores, light: 0.01, sequence: 1_000 + index }))
          : filter.tick(nowMs, lost);
        assert.ok(changes.every(({ type }) => type === "UNKNOWN"));
      }
    }),
  );
});

test("lone wrong frames, at any rate from 1 to 10 a second, change nothing", () => {
  const lone = fc.record({
    present: fc.boolean(),
    rate: fc.integer({ min: 1, max: 10 }),
    // Two right frames at least between two wrong ones.
    gaps: fc.array(fc.integer({ min: 2, max: 6 }), { maxLength: 30 }),
    jitter: fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 7 }),
  });
  fc.assert(
    fc.property(lone, ({ present, rate, gaps, jitter }) => {
      const right = present ? 0.95 : 0.02;
      const frames = [
        ...Array<number>(15).fill(right),
        ...gaps.flatMap((gap) => [1 - right, ...Array<number>(gap).fill(right)]),
      ];
      const filter = new PresenceFilter(OPTIONS);
      const changes = frames.flatMap((score, index) => {
        const atMs = 1_000_000 + (index * 1_000) / rate + (jitter[index % jitter.length] ?? 0);
        return filter.observe(observation({ atMs, scores: { wolf: score }, sequence: index + 1 }));
      });
      assert.deepEqual(
        changes.map(({ type }) => type),
        present ? ["ENTER"] : ["HOLD"],
      );
    }),
  );
});

test("memory is bounded, however many cameras speak and for however long", () => {
  const filter = new PresenceFilter(OPTIONS);
  for (let frame = 1; frame <= 5_000; frame += 1) {
    const scores = { wolf: Math.sin(frame), grandmother: Math.cos(frame), [`stranger-${frame}`]: 1 };
    filter.observe(
      observation({ atMs: frame * 10, camera: `camera-${frame % 1_000}`, scores, sequence: frame }),
    );
  }
  assert.ok(Object.keys(filter.toJSON().cameras).length <= 256);
  assert.ok(JSON.stringify(filter).length < 400_000);
});
