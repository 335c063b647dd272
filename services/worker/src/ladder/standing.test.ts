import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nextStanding, type Standing } from "./standing.ts";

const SETTINGS = { holdAfterMs: 500, manualAfterMs: 10_000 };
const answering = (atMs: number) => ({ model: "understudy" as const, unansweredForMs: undefined, atMs });
const nobody = (atMs: number) => ({ model: undefined, unansweredForMs: undefined, atMs });

test("nobody answers: the state is held, after a while a person runs the cues, and an answer ends it", () => {
  let standing: Standing = { rung: "understudy", sinceMs: 0 };
  const rungAt = (input: Parameters<typeof nextStanding>[1]) => {
    standing = nextStanding(standing, input, SETTINGS);
    return `${standing.rung} since ${standing.sinceMs}`;
  };
  assert.equal(rungAt(answering(1_000)), "understudy since 0");
  assert.equal(rungAt(nobody(2_000)), "hold since 2000");
  assert.equal(rungAt(nobody(11_999)), "hold since 2000");
  assert.equal(rungAt(nobody(12_000)), "manual since 12000");
  assert.equal(rungAt(nobody(90_000)), "manual since 12000");
  assert.equal(rungAt(answering(90_100)), "understudy since 90100");
});

test("one lost frame is no fall, frames lost for half a second are", () => {
  const standing: Standing = { rung: "qwen2-vl", sinceMs: 0 };
  const lost = (unansweredForMs: number) => ({ model: "qwen2-vl" as const, unansweredForMs, atMs: 9_000 });
  assert.equal(nextStanding(standing, lost(0), SETTINGS).rung, "qwen2-vl");
  assert.equal(nextStanding(standing, lost(499), SETTINGS).rung, "qwen2-vl");
  assert.equal(nextStanding(standing, lost(500), SETTINGS).rung, "hold");
});

test("a ladder without manual holds for ever", () => {
  const standing: Standing = { rung: "hold", sinceMs: 0 };
  const settings = { holdAfterMs: 500, manualAfterMs: undefined };
  assert.equal(nextStanding(standing, nobody(1e9), settings).rung, "hold");
});

test("whatever happens, a model is declared only while one answers, and manual only out of hold", () => {
  const inputs = fc.array(
    fc.record({
      model: fc.constantFrom("qwen2-vl" as const, "understudy" as const, undefined),
      lostMs: fc.option(fc.integer({ min: 0, max: 2_000 }), { nil: undefined }),
      waitMs: fc.integer({ min: 0, max: 8_000 }),
    }),
  );
  fc.assert(
    fc.property(inputs, (story) => {
      let standing: Standing = { rung: "hold", sinceMs: 0 };
      let atMs = 0;
      for (const { model, lostMs, waitMs } of story) {
        atMs += waitMs;
        const before = standing.rung;
        standing = nextStanding(standing, { model, unansweredForMs: lostMs, atMs }, SETTINGS);
        const answers = model !== undefined && (lostMs === undefined || lostMs < SETTINGS.holdAfterMs);
        assert.equal(standing.rung === model, answers);
        if (standing.rung === "manual") assert.ok(before === "hold" || before === "manual");
      }
    }),
  );
});
