import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { type Frame, FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { silentLog, until } from "@followspot/testkit";
import { CameraPictures, type PictureDropReason } from "./camera-pictures.ts";

function frame(sequence: number): Frame {
  return create(FrameSchema, { header: { stamp: { cameraId: "stage", run: 1, sequence } } });
}

function setUp(readNewest: () => Promise<Frame | undefined>) {
  const dropped: PictureDropReason[] = [];
  const counts = { reads: 0, encoded: 0, sent: 0 };
  const pictures = new CameraPictures({
    cameraId: "stage",
    readNewest: () => {
      counts.reads += 1;
      return readNewest();
    },
    encode: ({ header }) => {
      counts.encoded += 1;
      return new Uint8Array([header?.stamp?.sequence ?? 0]);
    },
    intervalMs: 1,
    log: silentLog(),
    onSent: () => {
      counts.sent += 1;
    },
    onDropped: (reason) => dropped.push(reason),
  });
  return { pictures, dropped, counts };
}

test("nothing is read while nobody watches, waits for a picture, or is left", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { pictures, counts } = setUp(async () => frame(1));
  const pass = async () => {
    t.mock.timers.tick(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  };
  await pass();
  assert.equal(counts.reads, 0);
  const seat = pictures.watch(() => {});
  await pass();
  await pass();
  // The page has not drawn it yet, so there is nothing to read for.
  assert.deepEqual(counts, { reads: 1, encoded: 1, sent: 1 });
  seat.leave();
  seat.ready();
  await pass();
  assert.equal(counts.reads, 1);
  pictures.close();
});

test("one read serves all pages, and each gets each picture once", async () => {
  let sequence = 1;
  const { pictures, counts } = setUp(async () => frame(sequence));
  const got: number[][] = [[], [], []];
  const seats = got.map((list) =>
    pictures.watch((picture) => {
      list.push(...picture);
    }),
  );
  await until("all have the first", () => got.every((list) => list.length === 1));
  assert.equal(counts.encoded, 1);
  for (const seat of seats) seat.ready();
  const { reads } = counts;
  await until("it was looked at again", () => counts.reads > reads + 2);
  assert.ok(got.every((list) => list.length === 1));
  sequence = 2;
  await until("all have the second", () => got.every((list) => list.length === 2));
  assert.equal(counts.encoded, 2);
  pictures.close();
});

test("a slow page misses pictures, which are counted, and then gets the newest", async () => {
  let sequence = 1;
  const { pictures, dropped } = setUp(async () => frame(sequence));
  const slow: number[] = [];
  const fast: number[] = [];
  const slowSeat = pictures.watch((picture) => slow.push(...picture));
  const fastSeat = pictures.watch((picture) => {
    fast.push(...picture);
    fastSeat.ready();
  });
  for (sequence of [1, 2, 3, 4]) await until(`the fast page has ${sequence}`, () => fast.at(-1) === sequence);
  assert.deepEqual(slow, [1]);
  assert.deepEqual(dropped, ["slow-page", "slow-page", "slow-page"]);
  slowSeat.ready();
  await until("the slow page has the newest", () => slow.at(-1) === 4);
  pictures.close();
});

test("an outage of Redis is counted, and pictures come again after it", async () => {
  let away = true;
  const { pictures, dropped } = setUp(async () => {
    if (away) throw new Error("redis is away");
    return frame(7);
  });
  const got: number[] = [];
  pictures.watch((picture) => got.push(...picture));
  await until("failures are counted", () => dropped.includes("read-failed"));
  away = false;
  await until("the picture is there", () => got.includes(7));
  pictures.close();
});

test("a run that counts from 1 again, because Redis was replaced, is shown", async () => {
  let sequence = 900;
  const { pictures } = setUp(async () => frame(sequence));
  const got: number[] = [];
  const seat = pictures.watch((picture) => {
    got.push(...picture);
    seat.ready();
  });
  await until("the old one was there", () => got.length === 1);
  sequence = 1;
  await until("the new one is there", () => got.at(-1) === 1);
  pictures.close();
});
