import assert from "node:assert/strict";
import { test } from "node:test";
import { ServerClock } from "../../page/server-clock.ts";

test("the message that was delayed least sets the clock", () => {
  let monotonicMs = 0;
  const clock = new ServerClock(() => monotonicMs);
  assert.equal(clock.nowMs(), undefined);
  clock.sample(1_000_000 - 300);
  clock.sample(1_000_000 - 5);
  clock.sample(1_000_000 - 80);
  monotonicMs = 1_000;
  assert.equal(clock.nowMs(), 1_000_995);
});

test("a sample is forgotten after a minute, so that a server clock that was set back is followed", () => {
  let monotonicMs = 0;
  const clock = new ServerClock(() => monotonicMs);
  clock.sample(2_000_000);
  monotonicMs = 61_000;
  clock.sample(1_000_000);
  assert.equal(clock.nowMs(), 1_000_000);
});
