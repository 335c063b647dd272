import assert from "node:assert/strict";
import { test } from "node:test";
import { BackOff } from "./back-off.ts";
import { Patience } from "./patience.ts";

test("waits double up to the most, and never give up", () => {
  const backOff = new BackOff({ firstMs: 250, mostMs: 2_000, random: () => 0 });
  assert.deepEqual(
    Array.from({ length: 6 }, () => backOff.nextMs()),
    [250, 500, 1_000, 2_000, 2_000, 2_000],
  );
  for (let failure = 0; failure < 5_000; failure += 1) assert.equal(backOff.nextMs(), 2_000);
  backOff.reset();
  assert.equal(backOff.nextMs(), 250);
});

test("jitter shortens a wait by up to half", () => {
  const backOff = new BackOff({ firstMs: 250, mostMs: 2_000 });
  for (let failure = 0; failure < 200; failure += 1) {
    const ms = backOff.nextMs();
    assert.ok(ms >= 125 && ms <= 2_000);
  }
});

test("a camera of at least 3 pictures a second is missed within a second, hiccups included", () => {
  for (const fps of [3.5, 5, 10, 30]) {
    const patience = new Patience(fps);
    for (let picture = 0; picture < 20; picture += 1) patience.pictureCame(picture * (1_000 / fps));
    assert.ok(patience.lostAfterMs < 1_000, `${patience.lostAfterMs} ms at ${fps} fps`);
  }
  const hiccup = new Patience(10);
  for (const atMs of [0, 100, 200, 700, 800]) hiccup.pictureCame(atMs);
  assert.ok(hiccup.lostAfterMs < 1_000);
});

test("a camera that gives fewer pictures than were asked for is learned, not called lost for ever", () => {
  const patience = new Patience(10);
  for (let picture = 0; picture < 10; picture += 1) patience.pictureCame(picture * 1_000);
  assert.ok(patience.lostAfterMs > 2_000);
});

test("a camera that show.yaml calls slow gets the time it needs", () => {
  assert.ok(new Patience(0.2).lostAfterMs >= 15_000);
});

test("the time between two connections is not an interval", () => {
  const patience = new Patience(10);
  patience.pictureCame(0);
  patience.reopened();
  patience.pictureCame(60_000);
  assert.equal(patience.lostAfterMs, 850);
});
