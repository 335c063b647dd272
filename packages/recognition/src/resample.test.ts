import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import { resample } from "./resample.ts";

function noisy(width: number, height: number) {
  const random = new SeededRandom(3);
  return { width, height, rgb: Uint8Array.from({ length: width * height * 3 }, () => random.below(256)) };
}

test("at the same size a picture stays as it is", () => {
  const picture = noisy(13, 7);
  assert.deepEqual(resample(picture, { left: 0, top: 0, width: 13, height: 7 }, picture), picture);
});

test("made smaller, every pixel is the mean of those it stands for", () => {
  const picture = noisy(12, 8);
  const { rgb } = resample(picture, { left: 0, top: 0, width: 12, height: 8 }, { width: 3, height: 2 });
  let sum = 0;
  for (let y = 4; y < 8; y++) for (let x = 8; x < 12; x++) sum += picture.rgb[(y * 12 + x) * 3 + 1] as number;
  assert.ok(Math.abs((rgb[(3 + 2) * 3 + 1] as number) - sum / 16) <= 1);
});

test("what lies outside looks like the edge", () => {
  const picture = { width: 2, height: 1, rgb: Uint8Array.of(10, 20, 30, 200, 210, 220) };
  const { rgb } = resample(picture, { left: -4, top: -3, width: 10, height: 7 }, { width: 10, height: 7 });
  assert.deepEqual(rgb.slice(0, 3), Uint8Array.of(10, 20, 30));
  assert.deepEqual(rgb.slice(-3), Uint8Array.of(200, 210, 220));
});
