import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { DeadlineExceeded, withDeadline } from "./deadline.ts";

const never = new AbortController().signal;

async function hang(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, "abort");
  throw signal.reason;
}

test("work that heeds its signal ends at the deadline", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const outcome = withDeadline(never, 2_000, hang);
  t.mock.timers.tick(2_000);
  await assert.rejects(outcome, DeadlineExceeded);
});

test("work ends as soon as its parent is aborted", async () => {
  const parent = new AbortController();
  const outcome = withDeadline(parent.signal, 60_000, hang);
  parent.abort(new Error("stopping"));
  await assert.rejects(outcome, { message: "stopping" });
});

test("finished work leaves no timer behind", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let seen: AbortSignal | undefined;
  const answer = await withDeadline(never, 10, async (signal) => {
    seen = signal;
    return 42;
  });
  t.mock.timers.tick(20);
  assert.equal(answer, 42);
  assert.equal(seen?.aborted, false);
});
