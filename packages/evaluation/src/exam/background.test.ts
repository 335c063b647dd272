import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { backgroundOf, borderOf, fillBoxes, MIDDLE } from "./background.ts";

const WIDTH = 40;
const HEIGHT = 30;

/** Grey from left to right, with a green rectangle in it. */
function scene(box: { left: number; top: number; width: number; height: number }) {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const inside = x >= box.left && x < box.left + box.width && y >= box.top && y < box.top + box.height;
      rgb.set(inside ? [0, 255, 0] : [100 + x, 100 + x, 100 + x], (y * WIDTH + x) * 3);
    }
  }
  return { rgb, width: WIDTH, height: HEIGHT };
}

function isGreen(rgb: Uint8Array): boolean {
  for (let at = 0; at < rgb.length; at += 3) if ((rgb[at + 1] ?? 0) - (rgb[at] ?? 0) > 2) return true;
  return false;
}

const box = fc.record({
  left: fc.integer({ min: -5, max: WIDTH - 1 }),
  top: fc.integer({ min: -5, max: HEIGHT - 1 }),
  width: fc.integer({ min: 1, max: WIDTH + 10 }),
  height: fc.integer({ min: 1, max: HEIGHT + 10 }),
});

test("nothing of the subject is left, wherever its box lies, and the original is not touched", () => {
  fc.assert(
    fc.property(box, (where) => {
      const picture = scene(where);
      const before = picture.rgb.slice();
      assert.ok(!isGreen(fillBoxes(picture, [where]).rgb));
      assert.deepEqual(picture.rgb, before);
    }),
  );
});

test("what is far from every box stays as it was", () => {
  const where = { left: 10, top: 8, width: 8, height: 8 };
  const picture = scene(where);
  const { rgb } = fillBoxes(picture, [where]);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const near = x >= 9 && x <= 18 && y >= 7 && y <= 16;
      if (!near) assert.equal(rgb[(y * WIDTH + x) * 3], picture.rgb[(y * WIDTH + x) * 3]);
    }
  }
});

test("boxes that overlap are filled as one, so that neither is filled with the other's subject", () => {
  const union = { left: 10, top: 5, width: 16, height: 16 };
  const picture = scene(union);
  const boxes = [
    { left: 10, top: 5, width: 9, height: 16 },
    { left: 18, top: 5, width: 8, height: 16 },
  ];
  assert.ok(!isGreen(fillBoxes(picture, boxes).rgb));
});

test("of a picture that nobody framed the border is left, and nothing of the middle", () => {
  const [wide, tall] = [WIDTH * MIDDLE, HEIGHT * MIDDLE];
  const middle = { left: (WIDTH - wide) / 2, top: (HEIGHT - tall) / 2, width: wide, height: tall };
  const picture = scene(middle);
  const { rgb } = borderOf(picture);
  assert.ok(!isGreen(rgb));
  const kept = [0, WIDTH - 1, (HEIGHT - 1) * WIDTH].map((pixel) => rgb[pixel * 3]);
  assert.deepEqual(kept, [100, 100 + WIDTH - 1, 100]);
});

test("nobody tells where something was", () => {
  const box = { left: 10, top: 8, width: 8, height: 8 };
  const sample = { picture: scene(box), label: "red", scene: "here", objects: [{ label: "red", box }] };
  const { objects, picture } = backgroundOf(sample);
  assert.equal(objects, undefined);
  assert.ok(!isGreen(picture.rgb));
  assert.ok(!isGreen(backgroundOf({ ...sample, objects: undefined }).picture.rgb));
});
