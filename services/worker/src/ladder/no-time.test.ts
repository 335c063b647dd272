import assert from "node:assert/strict";
import { test } from "node:test";
import type { Recognition } from "@followspot/triton";
import { Cascade } from "./cascade.ts";
import { Ladder } from "./ladder.ts";
import type { ModelRung } from "./model-rung.ts";
import { LadderRung } from "./rung.ts";

/** So long took an answer once: with less than half of it the rung is not asked. */
const SLOW_MS = 200;
const DEADLINE_MS = 10_000;
const IDLE_MS = 5_000;
const never = new AbortController().signal;
const ask = (rung: LadderRung) =>
  rung.ask({ jpeg: new Uint8Array(), labels: [] }, { signal: never, limitMs: DEADLINE_MS });

for (const cascade of [undefined, new Cascade({ enterScore: 0.9, unsureBelow: 0.8, floorMs: 60_000 })]) {
  test(`a rung in force that frames have no time for is shown one now and then${cascade ? ", with a cascade, too" : ""}`, async (t) => {
    let nowMs = 0;
    t.mock.method(performance, "now", () => nowMs);
    let slow = 0;
    const rungOf = async (rung: ModelRung, work: () => Promise<void>) => {
      const identity = { name: rung, version: "1", accuracy: 1, rung, instances: 1 } as const;
      const answer: Recognition = {
        labels: [{ label: "wolf", score: 0.5, raw: 0 }],
        unknown: 0,
        version: "1",
        recognizer: identity,
        callMs: 1,
      };
      const recognizer = {
        report: { state: "ready", detail: "", identity },
        recognize: () => work().then(() => answer),
      } as const;
      const settings = { warmUpAnswers: 1 };
      const opened = new LadderRung({
        rung,
        recognizer,
        deadlineMs: DEADLINE_MS,
        settings,
        nowMs: () => nowMs,
      });
      await ask(opened);
      return opened;
    };
    const best = await rungOf("qwen2-vl", async () => {
      slow += 1;
      if (slow === 1) nowMs += SLOW_MS;
    });
    const ladder = new Ladder({
      rungs: [best, await rungOf("understudy", async () => {})],
      cascade,
      nowMs: () => nowMs,
    });
    let sequence = 0;
    const frame = async () => {
      const place = { cameraId: "stage", frame: { run: 1, sequence: ++sequence } };
      const question = { ...place, jpeg: new Uint8Array(), labels: [], signal: never };
      return (await ladder.recognize({ ...question, deadlineMs: SLOW_MS / 2 })).recognizer.rung;
    };
    assert.equal(await frame(), "understudy");
    assert.equal(slow, 1, "there is no time for it");
    nowMs += IDLE_MS;
    for (let frames = 0; frames < 3; frames += 1) assert.equal(await frame(), "understudy");
    assert.equal(slow, 2, "it is shown one, and not each");
    await ladder.close();
  });
}
