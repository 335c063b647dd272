import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { type Frame, FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { cameraFrames } from "./camera-frames.ts";
import { drawStage, teachFrame } from "./testdata/newcomer.ts";

const { jpeg } = await teachFrame(drawStage([]));

function frame(sequence: number): Frame {
  const stamp = { cameraId: "table", run: 1, sequence, capturedAtMs: 1_000 + sequence };
  return create(FrameSchema, { header: { stamp }, jpeg });
}

test("each frame comes once, however often it is read, and what came between is skipped", async () => {
  const stop = new AbortController();
  const read = [frame(1), frame(1), undefined, frame(2), frame(2), frame(9)];
  const seen: number[] = [];
  const frames = cameraFrames({
    cameraId: "table",
    readNewest: async () => read.shift(),
    describeCamera: async () => "",
    signal: stop.signal,
  });
  for await (const { takenAtMs, picture } of frames) {
    seen.push(takenAtMs - 1_000);
    assert.equal(picture.rgb.length, picture.width * picture.height * 3);
    if (seen.length === 3) stop.abort();
  }
  assert.deepEqual(seen, [1, 2, 9]);
});

test("a camera that sends nothing is named, with what it says about itself", async (t) => {
  let nowMs = 0;
  t.after(() => mock.restoreAll());
  mock.method(performance, "now", () => (nowMs += 1_000));
  const frames = cameraFrames({
    cameraId: "table",
    readNewest: async () => undefined,
    describeCamera: async () => "no picture was pushed yet",
    signal: new AbortController().signal,
  });
  await assert.rejects(frames.next(), /the camera table sends no pictures: no picture was pushed yet/);
});

test("watching ends when time is up, also while the camera is silent", async () => {
  const stop = new AbortController();
  const frames = cameraFrames({
    cameraId: "table",
    readNewest: async () => {
      stop.abort();
      return undefined;
    },
    describeCamera: async () => "",
    signal: stop.signal,
  });
  assert.equal((await frames.next()).done, true);
});
