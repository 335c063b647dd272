import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { until } from "@followspot/testkit";
import { FramePath, type FramePathOptions } from "./frame-path.ts";
import { PICTURE_LIMITS } from "./pictures/picture-limits.ts";
import { FakeSink } from "./testing/fake-sink.ts";
import { stagePicture, walkingPictures } from "./testing/test-pictures.ts";

function openPath(context: TestContext, options: Partial<FramePathOptions> = {}) {
  const sink = new FakeSink();
  const outcomes: string[] = [];
  const path = new FramePath({
    cameraId: "cam",
    // Fast enough that the rate limit stays out of tests that are not about it.
    fps: 1_000_000,
    floorFps: 0.001,
    longestSide: 640,
    limits: PICTURE_LIMITS,
    sink,
    onOutcome: (outcome) => outcomes.push(outcome),
    ...options,
  });
  context.after(() => path.close());
  return { path, sink, outcomes };
}

test("a frame carries its place, its time and its sizes, and its bytes untouched where they fit", async (t) => {
  const { path, sink } = openPath(t);
  const jpeg = await stagePicture(0.1);
  const offer = await path.offer({ bytes: jpeg });
  assert.deepEqual(offer, { sequence: 1, outcome: "sent" });
  const [frame] = sink.published;
  assert.equal(frame?.jpeg, jpeg);
  assert.deepEqual([frame?.header.width, frame?.header.sourceHeight], [320, 240]);
  assert.deepEqual(
    [frame?.header.stamp?.cameraId, frame?.header.stamp?.run, frame?.header.stamp?.sequence],
    ["cam", 1, 1],
  );
  assert.ok(frame && frame.header.light > 0.2 && frame.header.light < 0.6);
});

test("a large picture is made to fit and keeps the size it had at the camera", async (t) => {
  const { path, sink } = openPath(t, { longestSide: 160 });
  await path.offer({ bytes: await stagePicture(0.5) });
  const header = sink.published[0]?.header;
  assert.deepEqual([header?.width, header?.height, header?.sourceWidth], [160, 120, 320]);
});

test("of pictures that come while one is under way only the newest is sent; each is answered and counted", async (t) => {
  const { path, sink, outcomes } = openPath(t);
  const pictures = await walkingPictures(6);
  let open = () => {};
  sink.gate = new Promise((resolve) => {
    open = resolve;
  });
  const first = path.offer({ bytes: pictures[0] as Buffer });
  const rest = pictures.slice(1).map((bytes) => path.offer({ bytes }));
  open();
  assert.equal((await first).outcome, "sent");
  const answers = (await Promise.all(rest)).map((offer) => offer.outcome);
  assert.deepEqual(answers, ["superseded", "superseded", "superseded", "superseded", "sent"]);
  assert.deepEqual(
    sink.published.map(({ header }) => header.stamp?.sequence),
    [1, 6],
  );
  assert.equal(outcomes.length, 6);
});

test("what does not move is held back; what moves passes, also while the light goes out", async (t) => {
  const { path } = openPath(t);
  const outcomes: string[] = [];
  for (const [x, light] of [
    [0, 1],
    [0, 1],
    [0, 0.6],
    [0.3, 0.4],
    [0.6, 0.2],
    [0.9, 0.08],
    [0.2, 0],
  ] as const) {
    outcomes.push((await path.offer({ bytes: await stagePicture(x, { light }) })).outcome);
  }
  assert.deepEqual(outcomes, ["sent", "unchanged", "unchanged", "sent", "sent", "sent", "sent"]);
});

test("the last picture of a burst above the rate is sent a little later, the others are counted", async (t) => {
  const { path, sink, outcomes } = openPath(t, { fps: 5 });
  const pictures = await walkingPictures(8);
  const answers: string[] = [];
  // Two pass at once after a pause, so the first two are sent one after the other.
  for (const bytes of pictures) answers.push((await path.offer({ bytes })).outcome);
  assert.equal(answers.at(-1), "held");
  await until("the last picture was sent", () =>
    sink.published.some(({ header }) => header.stamp?.sequence === 8),
  );
  assert.equal(outcomes.length, 8);
  assert.ok(outcomes.includes("rate-limited"));
});

test("without Redis pictures are dropped at once, and go on when it is back, in a run of their own", async (t) => {
  const { path, sink } = openPath(t);
  const bytes = await stagePicture(0);
  sink.reachable = false;
  assert.equal((await path.offer({ bytes })).outcome, "redis-unavailable");
  sink.reachable = true;
  sink.refuses = "redis-unavailable";
  assert.equal((await path.offer({ bytes })).outcome, "redis-unavailable");
  sink.refuses = undefined;
  assert.deepEqual(await path.offer({ bytes }), { sequence: 3, outcome: "sent" });
  sink.refuses = "redis-unavailable";
  const moved = await stagePicture(0.5);
  assert.equal((await path.offer({ bytes: moved })).outcome, "redis-unavailable");
  sink.refuses = undefined;
  // It was not sent, so it is still news.
  assert.equal((await path.offer({ bytes: moved })).outcome, "sent");
  assert.equal(sink.runs, 1);
});

test("a bad picture is answered with its name and a sentence, and the next good one passes", async (t) => {
  const { path } = openPath(t);
  const offer = await path.offer({ bytes: Buffer.from("hello"), name: "wolf.jpg" });
  assert.deepEqual(offer, {
    sequence: 1,
    outcome: "not-a-picture",
    problem: "wolf.jpg: this is text, not a picture: send JPEG, PNG or WebP",
  });
  assert.equal(
    (await path.offer({ bytes: new Uint8Array(), totalBytes: 60_000_000 })).outcome,
    "too-many-bytes",
  );
  const whole = await stagePicture(0);
  assert.equal((await path.offer({ bytes: whole.subarray(0, whole.length / 2) })).outcome, "truncated");
  assert.equal((await path.offer({ bytes: whole })).outcome, "sent");
});

test("closing answers what waits and waits for what is being sent", async (t) => {
  const { path, sink } = openPath(t);
  const pictures = await walkingPictures(2);
  let open = () => {};
  sink.gate = new Promise((resolve) => {
    open = resolve;
  });
  const answers = Promise.all(pictures.map((bytes) => path.offer({ bytes })));
  const closed = path.close();
  open();
  await closed;
  assert.deepEqual((await answers).map((offer) => offer.outcome).toSorted(), ["closing", "closing"]);
  assert.equal((await path.offer({ bytes: pictures[0] as Buffer })).outcome, "closing");
});
