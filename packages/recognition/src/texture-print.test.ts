import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import { texturePrint } from "./texture-print.ts";
import { dot } from "./vectors.ts";

const SIDE = 48;
const ALL = { left: 0, top: 0, right: 1, bottom: 1 };
const figure = { width: 6, height: 6, shares: new Float32Array(36).fill(1) };

function surface(grey: (x: number, y: number) => number) {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) rgb.fill(grey(x, y), (y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3);
  }
  return texturePrint({ rgb, width: SIDE, height: SIDE }, figure, ALL);
}

const stripes = (shift: number, light: number) => surface((x) => light * (((x + shift) >> 2) % 2 ? 200 : 90));

test("stripes are like stripes, wherever they begin and however they are lit, and unlike fur", () => {
  const random = new SeededRandom(2);
  const fur = surface(() => 60 + random.below(140));
  assert.ok(dot(stripes(0, 1), stripes(3, 0.7)) > 0.95);
  assert.ok(dot(stripes(0, 1), fur) < 0.8);
});

test("a print has length 1, and noise of a few grey levels leaves a plain surface plain", () => {
  const random = new SeededRandom(3);
  const [plain, noisy] = [surface(() => 128), surface(() => 127 + random.below(4))];
  assert.ok(Math.abs(dot(plain, plain) - 1) < 1e-5);
  assert.ok(dot(plain, noisy) > 0.99);
});
