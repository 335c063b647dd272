import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { FrameSchema } from "@followspot/schema/followspot/v1/frame";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import { InferenceError, type InferenceErrorReason, type Recognition } from "@followspot/triton";
import { Unanswered } from "./ladder/unanswered.ts";
import { type ObserveFrameDeps, observeFrame } from "./observe-frame.ts";

const never = new AbortController().signal;
const ANSWER: Recognition = {
  labels: [{ label: "wolf", score: 0.75, raw: 2, box: { left: 1, top: 2, right: 3, bottom: 4 } }],
  unknown: 0.25,
  version: "v2",
  recognizer: { name: "understudy", version: "v2", rung: "understudy", accuracy: 0.5, instances: 1 },
  callMs: 12,
};
const frame = create(FrameSchema, {
  header: {
    stamp: { cameraId: "stage", run: 1, sequence: 7, capturedAtMs: 1_000 },
    width: 640,
    height: 480,
    light: 0.5,
  },
  jpeg: new Uint8Array([1, 2]),
});

function setUp(overrides: Partial<ObserveFrameDeps> = {}) {
  const published: Observation[] = [];
  const deps: ObserveFrameDeps = {
    recognizer: { recognize: async () => ANSWER },
    publish: async (observation) => {
      published.push(observation);
      return "published";
    },
    nowMs: () => 1_400,
    labels: ["wolf"],
    frameMaxAgeMs: 1_500,
    workerId: "w1",
    ...overrides,
  };
  return { deps, published };
}

function failing(reason: InferenceErrorReason) {
  return {
    recognize: async () => {
      throw new InferenceError(reason, "as the test wants it");
    },
  };
}

test("an answer becomes an observation with everything a subscriber must know", async () => {
  const { deps, published } = setUp();
  const outcome = await observeFrame(deps, frame, never);
  assert.deepEqual(outcome, { observed: published[0] });
  const { $typeName: _name, ...observation } = published[0] ?? assert.fail("nothing was published");
  assert.deepEqual(
    JSON.parse(JSON.stringify(observation, (key, value) => (key === "$typeName" ? undefined : value))),
    {
      frame: { cameraId: "stage", run: 1, sequence: 7, capturedAtMs: 1_000 },
      width: 640,
      height: 480,
      light: 0.5,
      labels: [{ label: "wolf", score: 0.75, raw: 2, box: { left: 1, top: 2, right: 3, bottom: 4 } }],
      unknown: 0.25,
      recognizer: { name: "understudy", version: "v2", rung: "understudy", accuracy: 0.5 },
      askedAtMs: 1_400,
      answeredAtMs: 1_400,
      // What the server does not tell is the time of the call.
      modelMs: 12,
      workerId: "w1",
    },
  );
});

test("the recognizer is asked for the cast, with what is left of the frame's budget", async () => {
  const asked: unknown[] = [];
  const { deps } = setUp({
    recognizer: {
      recognize: async (question) => {
        asked.push({ ...question, signal: undefined });
        return ANSWER;
      },
    },
  });
  await observeFrame(deps, frame, never);
  assert.deepEqual(asked, [
    {
      cameraId: "stage",
      frame: { run: 1, sequence: 7 },
      jpeg: frame.jpeg,
      labels: ["wolf"],
      deadlineMs: 1_100,
      signal: undefined,
    },
  ]);
});

test("a frame without budget left is not asked about, and an answer that comes too late is not published", async () => {
  const late = setUp({ nowMs: () => 2_500, recognizer: failing("failed") });
  assert.deepEqual(await observeFrame(late.deps, frame, never), { dropped: "late" });

  let nowMs = 1_400;
  const slow = setUp({
    nowMs: () => nowMs,
    recognizer: {
      recognize: async () => {
        nowMs = 2_600;
        return ANSWER;
      },
    },
  });
  assert.deepEqual(await observeFrame(slow.deps, frame, never), { dropped: "late" });
  assert.deepEqual(slow.published, []);
});

test("a publication that is not acknowledged within the budget is given up", async () => {
  const { deps } = setUp({
    nowMs: () => 2_480,
    publish: async (_observation, signal) => {
      await once(signal, "abort");
      throw signal.reason;
    },
  });
  const outcome = await observeFrame(deps, frame, never);
  assert.equal("dropped" in outcome && outcome.dropped, "late");
});

test("an observation that came too late for the fence is counted, not an error", async () => {
  const { deps } = setUp({ publish: async () => "superseded" });
  assert.deepEqual(await observeFrame(deps, frame, never), { dropped: "fenced" });
});

test("a frame that nobody is to blame for is dropped by its own reason", async () => {
  for (const reason of ["outdated", "superseded"] as const) {
    const recognize = async () => {
      throw new Unanswered(reason);
    };
    const { deps, published } = setUp({ recognizer: { recognize } });
    const outcome = await observeFrame(deps, frame, never);
    assert.equal("dropped" in outcome && outcome.dropped, reason);
    assert.deepEqual(published, []);
  }
});

test("each failure of the recognizer drops the frame by its reason", async () => {
  const expected = {
    unavailable: "recognizer-unavailable",
    "model-unavailable": "recognizer-unavailable",
    "unsupported-model": "recognizer-unavailable",
    unauthorized: "recognizer-unavailable",
    "deadline-exceeded": "late",
    canceled: "canceled",
    overloaded: "overloaded",
    failed: "failed",
    rejected: "rejected",
    "too-large": "too-large",
    "malformed-answer": "malformed-answer",
  } as const satisfies Record<InferenceErrorReason, string>;
  for (const [reason, dropped] of Object.entries(expected)) {
    const { deps } = setUp({ recognizer: failing(reason as InferenceErrorReason) });
    const outcome = await observeFrame(deps, frame, never);
    assert.equal("dropped" in outcome && outcome.dropped, dropped, reason);
  }
});

test("a worker that is told to stop gives the frame up", async () => {
  const stop = new AbortController();
  const { deps, published } = setUp({
    recognizer: {
      recognize: async ({ signal }) => {
        stop.abort("stopping");
        signal.throwIfAborted();
        return ANSWER;
      },
    },
  });
  const outcome = await observeFrame(deps, frame, stop.signal);
  assert.equal("dropped" in outcome && outcome.dropped, "canceled");
  assert.deepEqual(published, []);
});
