import assert from "node:assert/strict";
import { test } from "node:test";
import { candidatesOf } from "./propose.ts";

const LABELS = ["axe", "bear", "crown", "fox", "moon"];

function proposed(scores: Readonly<Record<string, number>>): readonly string[] {
  const labels = Object.entries(scores).map(([label, score]) => ({ label, score, raw: 0 }));
  return candidatesOf({ labels }, LABELS);
}

test("those are proposed whom the understudy doubts, not those of whom it is sure", () => {
  assert.deepEqual(proposed({ axe: 0.99, bear: 0.98, crown: 0.3, fox: 0.6, moon: 0.45 }), [
    "crown",
    "fox",
    "moon",
  ]);
});

test("two always, a third only where it is in doubt, in the order of the cast", () => {
  assert.deepEqual(proposed({ moon: 0.9, fox: 0.97, bear: 0.01, axe: 0.02 }), ["fox", "moon"]);
  assert.deepEqual(proposed({ moon: 0.9, fox: 0.94, bear: 0.01, axe: 0.02 }), ["fox", "moon"]);
  assert.deepEqual(proposed({ moon: 0.9, fox: 0.94, bear: 0.06, axe: 0.02 }), ["bear", "fox", "moon"]);
});

test("nobody is proposed who was not asked for", () => {
  assert.deepEqual(proposed({ dragon: 0.5, fox: 0.9 }), ["fox"]);
});
