import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RateLimit } from "./rate-limit.ts";

function admitted(fps: number, arrivalsMs: readonly number[]): number[] {
  const rate = new RateLimit(fps);
  return arrivalsMs.filter((atMs) => rate.admits(atMs));
}

test("a camera at exactly its rate loses nothing to jitter", () => {
  const jitter = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 100, maxLength: 100 });
  fc.assert(
    fc.property(jitter, (jitters) => {
      const arrivals = jitters.map((ms, index) => index * 100 + ms);
      assert.equal(admitted(10, arrivals).length, 100);
    }),
  );
});

test("never more than the rate, whatever comes", () => {
  const gaps = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 1, max: 30 }), (gapsMs, fps) => {
      let nowMs = 0;
      const arrivals = gapsMs.map((gap) => (nowMs += gap));
      const times = admitted(fps, arrivals);
      const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0);
      assert.ok(times.length <= (spanMs * fps) / 1_000 + 2 + 1e-6);
    }),
  );
});

test("a faster camera is thinned evenly to its rate on average", () => {
  for (const cameraFps of [11, 15, 25, 30, 60]) {
    const arrivals = Array.from({ length: cameraFps * 10 }, (_, index) => (index * 1_000) / cameraFps);
    const count = admitted(10, arrivals).length;
    assert.ok(Math.abs(count - 100) <= 1, `${count} of ${cameraFps} fps in 10 s`);
  }
});

test("says how long to wait; after a pause two may come at once", () => {
  const rate = new RateLimit(10);
  assert.equal(rate.waitMs(0), 0);
  assert.deepEqual([rate.admits(0), rate.admits(0), rate.admits(0)], [true, true, false]);
  assert.equal(rate.waitMs(20), 80);
  assert.equal(rate.waitMs(500), 0);
});
