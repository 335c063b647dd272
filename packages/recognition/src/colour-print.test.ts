import assert from "node:assert/strict";
import { test } from "node:test";
import { colourPrint } from "./colour-print.ts";
import { dot } from "./vectors.ts";

type Colour = readonly [number, number, number];
const SIDE = 32;
const MIDDLE = { left: 0.25, top: 0.25, right: 0.75, bottom: 0.75 };

/** A square of one colour on another, and a network that sees just the square. */
function square(thing: Colour, place: Colour) {
  const rgb = new Uint8Array(SIDE * SIDE * 3);
  const shares = new Float32Array(16);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const inside = Math.max(Math.abs(x - 15.5), Math.abs(y - 15.5)) < 8;
      rgb.set(inside ? thing : place, (y * SIDE + x) * 3);
    }
  }
  for (const cell of [5, 6, 9, 10]) shares[cell] = 1;
  return colourPrint({ rgb, width: SIDE, height: SIDE }, { width: 4, height: 4, shares }, MIDDLE);
}

test("the thing's colours count, whatever the place", () => {
  const [onGrass, onStone] = [square([200, 40, 40], [60, 160, 60]), square([200, 40, 40], [128, 128, 128])];
  assert.ok(dot(onGrass, onStone) > 0.95);
  assert.ok(dot(onGrass, square([40, 60, 200], [60, 160, 60])) < 0.2);
});

test("a little other light changes little", () => {
  assert.ok(dot(square([200, 40, 40], [128, 128, 128]), square([180, 44, 36], [118, 130, 120])) > 0.8);
});

test("a print has length 1, or 0 where nothing tells the thing from the place", () => {
  const print = square([200, 40, 40], [60, 160, 60]);
  assert.ok(Math.abs(dot(print, print) - 1) < 1e-5);
});
