import assert from "node:assert/strict";
import { test } from "node:test";
import { untilSteady } from "./until-steady.ts";

/** How many of these times were waited for. */
async function waited(times: readonly number[], most = 100): Promise<number> {
  const rest = times.values();
  return untilSteady(async () => rest.next().value ?? 1, most);
}

test("it goes on as long as the time falls, and a while after that", async () => {
  assert.equal(await waited([9, 8, 7, 6, 5, 4, 3, 2, 1, 1, 1, 1, 1]), 13);
});

test("one slow time in between does not end it, nor does noise prolong it", async () => {
  assert.equal(await waited([9, 8, 20, 20, 20, 7, 9, 9, 9, 9]), 10);
  assert.equal(await waited([1, 0.995, 0.99, 1.2, 0.985, 0.2]), 5);
});

test("it ends at its bound, however long the time falls", async () => {
  const falling = Array.from({ length: 50 }, (_, index) => 1 / (index + 1));
  assert.equal(await waited(falling, 30), 30);
});
