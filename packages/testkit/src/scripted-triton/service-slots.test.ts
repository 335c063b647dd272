import assert from "node:assert/strict";
import { test } from "node:test";
import { ServiceSlots } from "./service-slots.ts";

const { signal } = new AbortController();

test("those who wait come in order; who gives up leaves the line; more slots let in more", async () => {
  const slots = new ServiceSlots(1);
  const entered: string[] = [];
  const enter = async (name: string, until: AbortSignal = signal) => {
    await slots.enter(until);
    entered.push(name);
  };
  await enter("a");
  const giveUp = new AbortController();
  const gone = enter("gone", giveUp.signal);
  const waiting = [enter("b"), enter("c"), enter("d")];
  assert.equal(slots.waiting, 4);
  giveUp.abort(new Error("given up"));
  await assert.rejects(gone, /given up/);
  slots.leave();
  await waiting[0];
  assert.deepEqual([entered, slots.busy, slots.waiting], [["a", "b"], 1, 2]);
  slots.slots = 3;
  await Promise.all(waiting);
  assert.deepEqual([entered, slots.busy], [["a", "b", "c", "d"], 3]);
  slots.slots = 1;
  slots.leave();
  const last = enter("e");
  slots.leave();
  assert.equal(slots.waiting, 1);
  slots.leave();
  await last;
  assert.deepEqual([slots.busy, slots.waiting], [1, 0]);
});
