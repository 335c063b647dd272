import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { InferenceError, type Recognition } from "@followspot/triton";
import fc from "fast-check";
import { Cascade } from "./cascade.ts";
import { Ladder } from "./ladder.ts";
import type { ModelRung } from "./model-rung.ts";
import { LadderRung } from "./rung.ts";
import { Unanswered } from "./unanswered.ts";

const LONG_MS = 60_000;
const MOST_TURNS = 1_000;
const never = new AbortController().signal;

/** A model whose answers come when the test says so. */
async function rungOf(rung: ModelRung, score: number, answerTo: (sequence: number) => Promise<void>) {
  const identity = { name: rung, version: "1", accuracy: 1, rung, instances: 8 } as const;
  const answer: Recognition = {
    labels: [{ label: "wolf", score, raw: 0 }],
    unknown: 0,
    version: "1",
    recognizer: identity,
    callMs: 1,
  };
  const opened = new LadderRung({
    rung,
    recognizer: {
      report: { state: "ready", detail: "", identity },
      recognize: async ({ jpeg: [sequence = 0] }) => {
        if (sequence > 0) await answerTo(sequence);
        return answer;
      },
    },
    deadlineMs: LONG_MS,
    settings: { warmUpAnswers: 1, badInARow: Infinity },
    nowMs: () => 0,
  });
  await opened.ask({ jpeg: Uint8Array.of(0), labels: [] }, { signal: never, limitMs: LONG_MS });
  return opened;
}

/** Which frames arrive, and which of them the better model has no answer to. */
const frames = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });

test("whatever the order in which answers come, a camera's newest frame is answered, and none after a newer one", async () => {
  await fc.assert(
    fc.asyncProperty(frames, fc.scheduler(), async (fails, scheduler) => {
      const quick = await rungOf("understudy", 0.5, (sequence) =>
        scheduler.schedule(Promise.resolve(), `quick ${sequence}`),
      );
      const slow = await rungOf("qwen2-vl", 1, async (sequence) => {
        await scheduler.schedule(Promise.resolve(), `slow ${sequence}`);
        if (fails[sequence - 1]) throw new InferenceError("failed", "as the test wants it");
      });
      const cascade = new Cascade({ enterScore: 0.9, unsureBelow: 0.8, floorMs: LONG_MS });
      const ladder = new Ladder({ rungs: [slow, quick], cascade, nowMs: () => 0 });
      const answered: number[] = [];
      const superseded: number[] = [];
      const asked = scheduler.scheduleSequence(
        fails.map((_, index) => async () => {
          const sequence = index + 1;
          const jpeg = Uint8Array.of(sequence);
          const frame = { run: 1, sequence };
          ladder
            .recognize({ cameraId: "stage", frame, jpeg, labels: [], signal: never, deadlineMs: LONG_MS })
            .then(
              () => answered.push(sequence),
              (error: unknown) => {
                assert.ok(error instanceof Unanswered, String(error));
                superseded.push(sequence);
              },
            );
        }),
      );
      for (let turn = 0; turn < MOST_TURNS && answered.length + superseded.length < fails.length; turn += 1) {
        if (scheduler.count() > 0) await scheduler.waitOne();
        await nextTurn();
      }
      await asked.task;
      assert.deepEqual(
        answered,
        answered.toSorted((a, b) => a - b),
        "in order",
      );
      assert.equal(answered.at(-1), fails.length, "the newest one is answered");
      await ladder.close();
    }),
  );
});

test("nobody is asked about a frame whose time is over, and the understudy stays in force", async () => {
  let asked = 0;
  const count = async () => {
    asked += 1;
  };
  const rungs = [await rungOf("qwen2-vl", 1, count), await rungOf("understudy", 0.5, count)];
  const cascade = new Cascade({ enterScore: 0.9, unsureBelow: 0.8, floorMs: LONG_MS });
  const ladder = new Ladder({ rungs, cascade, nowMs: () => 0 });
  const place = { cameraId: "stage", frame: { run: 1, sequence: 1 } };
  const late = { ...place, jpeg: Uint8Array.of(1), labels: [], signal: never, deadlineMs: 1 };
  await assert.rejects(ladder.recognize(late), /understudy was not asked: too little time was left/);
  assert.equal(asked, 0);
  await ladder.close();
});
