import assert from "node:assert/strict";
import { test } from "node:test";
import type { Picture } from "@followspot/dataset";
import fc from "fast-check";
import { appearanceOf, isAlike, likeness } from "./appearance.ts";

const SIDE = 80;

/** A picture of patches whose colours the seed decides, under some light. */
function patches(seed: number, gain = 1): Picture {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0, at = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      for (let channel = 0; channel < 3; channel++, at++) {
        const patch = Math.floor(y / 16) * 5 + Math.floor(x / 16);
        rgb[at] = ((Math.imul(patch * 3 + channel + 1, 40_503 * (seed * 2 + 1)) >>> 8) % 200) * gain;
      }
    }
  }
  return { rgb, width: SIDE, height: SIDE };
}

const WHOLE = { left: 0, top: 0, width: SIDE, height: SIDE };

test("anything is like itself, and two that have nothing in common are not", () => {
  const one = appearanceOf(patches(1), WHOLE);
  assert.ok(likeness(one, one) > 0.999);
  assert.ok(isAlike(one, appearanceOf(patches(1), WHOLE)));
  assert.ok(!isAlike(one, appearanceOf(patches(2), WHOLE)));
});

test("a box that is off by a little shows the same", () => {
  const one = appearanceOf(patches(1), { left: 8, top: 8, width: 64, height: 64 });
  const off = appearanceOf(patches(1), { left: 10, top: 7, width: 63, height: 65 });
  assert.ok(isAlike(one, off), `${likeness(one, off)}`);
});

test("a little darker is the same, half as bright is another picture", () => {
  const one = appearanceOf(patches(1), WHOLE);
  assert.ok(isAlike(one, appearanceOf(patches(1, 0.85), WHOLE)));
  assert.ok(!isAlike(one, appearanceOf(patches(1, 0.5), WHOLE)));
});

test("two boxes of one colour each are alike, one of a colour and one with a pattern are not", () => {
  const plain = appearanceOf({ ...patches(1), rgb: new Uint8Array(SIDE * SIDE * 3).fill(100) }, WHOLE);
  assert.ok(isAlike(plain, plain));
  assert.ok(!isAlike(plain, appearanceOf(patches(1), WHOLE)));
});

test("any box gives numbers, also one that reaches out of the picture", () => {
  const length = fc.integer({ min: 1, max: 200 });
  const place = fc.integer({ min: -50, max: SIDE - 1 });
  fc.assert(
    fc.property(place, place, length, length, (left, top, width, height) => {
      const one = appearanceOf(patches(3), { left, top, width, height });
      assert.ok([...one.cells, one.brightness, one.size].every(Number.isFinite));
      assert.ok(Math.abs(likeness(one, one)) <= 1 + 1e-6);
    }),
  );
});
