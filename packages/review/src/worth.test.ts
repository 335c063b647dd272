import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { worthOf } from "./worth.ts";

const usual = { reason: "near-threshold", confidence: 0.6, likeness: 0.5, pictures: 10 } as const;

test("doubt, novelty and rarity each make a frame worth more", () => {
  assert.ok(worthOf({ ...usual, confidence: 0.5 }) > worthOf(usual));
  assert.ok(worthOf({ ...usual, likeness: 0.2 }) > worthOf(usual));
  assert.ok(worthOf({ ...usual, pictures: 2 }) > worthOf(usual));
});

test("a flip is worth a look even when the last answer was sure", () => {
  const sure = { ...usual, confidence: 0.97 };
  assert.ok(worthOf({ ...sure, reason: "flip" }) > worthOf({ ...sure, reason: "random" }) * 3);
});

test("worth lies between 0 and 1 and nothing is worth nothing", () => {
  fc.assert(
    fc.property(
      fc.constantFrom("flip" as const, "near-threshold" as const, "unknown" as const, "random" as const),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.nat(1_000),
      (reason, confidence, likeness, pictures) => {
        const worth = worthOf({ reason, confidence, likeness, pictures });
        assert.ok(worth > 0 && worth <= 1);
      },
    ),
  );
});
