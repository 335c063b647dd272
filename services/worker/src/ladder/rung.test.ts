import assert from "node:assert/strict";
import { setImmediate as nextTurn } from "node:timers/promises";
import { type TestContext, test } from "node:test";
import type { Recognition } from "@followspot/triton";
import { LadderRung } from "./rung.ts";

const DEADLINE_MS = 250;
/** What is left of an old frame's time. */
const LITTLE_MS = 100;
const never = new AbortController().signal;

/** A rung in force, over a healthy model whose answers come when the test says so. */
async function setUp(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const identity = { name: "m", version: "1", accuracy: 1, rung: "qwen2-vl", instances: 8 } as const;
  const answer: Recognition = { labels: [], unknown: 0, version: "1", recognizer: identity, callMs: 1 };
  const asked: ((answer: Recognition) => void)[] = [];
  const rung = new LadderRung({
    rung: "qwen2-vl",
    recognizer: {
      report: { state: "ready", detail: "", identity },
      recognize: () => new Promise<Recognition>((resolve) => asked.push(resolve)),
    },
    deadlineMs: DEADLINE_MS,
    settings: { warmUpAnswers: 1 },
    nowMs: () => 0,
  });
  const ask = (limitMs: number) =>
    rung.ask({ jpeg: new Uint8Array(), labels: [] }, { signal: never, limitMs });
  const answers = async () => {
    asked.shift()?.(answer);
    await nextTurn();
  };
  /** A frame that the answer comes too late for, but within the model's deadline. */
  const late = async () => {
    const outcome = assert.rejects(ask(LITTLE_MS), { reason: "deadline-exceeded" });
    t.mock.timers.tick(LITTLE_MS);
    await outcome;
    await answers();
  };
  /** A frame that the answer comes in time for. */
  const inTime = async () => {
    const outcome = ask(DEADLINE_MS);
    await answers();
    await outcome;
  };
  await inTime();
  assert.equal(rung.phase, "closed");
  return { rung, late, inTime };
}

test("one frame that has too little time for a healthy server is no fall, three in a row are", async (t) => {
  const { rung, late, inTime } = await setUp(t);
  await late();
  assert.equal(rung.phase, "closed");
  await inTime();
  await late();
  await late();
  assert.deepEqual([rung.phase, rung.falls], ["closed", {}]);
  await late();
  assert.deepEqual(rung.falls, { "deadline-exceeded": 1 }, "nobody is helped by it");
});
