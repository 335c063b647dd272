import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box, Picture } from "@followspot/dataset";
import { SeededRandom } from "@followspot/domain";
import { maskSubject } from "./subject-mask.ts";
import { swapBackground } from "./swap-background.ts";

type Colour = readonly [number, number, number];
const RED: Colour = [210, 40, 30];
const GREEN: Colour = [60, 160, 70];
const BLUE: Colour = [50, 80, 190];
const DISC: Box = { left: 40, top: 30, width: 60, height: 60 };

/** A disc that fills its box, on a ground of another colour, with a little noise. */
function disc(colour: Colour, ground: Colour): Picture {
  const [width, height] = [160, 120];
  const rgb = new Uint8Array(width * height * 3);
  const random = new SeededRandom(1);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const within = Math.hypot(x + 0.5 - 70, y + 0.5 - 60) <= 30;
      for (let channel = 0; channel < 3; channel++) {
        rgb[(y * width + x) * 3 + channel] =
          ((within ? colour : ground)[channel] as number) + random.below(12) - 6;
      }
    }
  }
  return { rgb, width, height };
}

test("a subject is cut out along its edge, not along its box", () => {
  const { box, alpha } = maskSubject(disc(RED, GREEN), DISC);
  assert.deepEqual(box, DISC);
  const at = (x: number, y: number) => alpha[(y - box.top) * box.width + x - box.left] as number;
  assert.ok(at(70, 60) > 0.95, "the middle");
  assert.ok(at(45, 60) > 0.9, "near the edge, inside");
  assert.ok(at(42, 32) < 0.05, "a corner of the box");
  const cover = alpha.reduce((sum, share) => sum + share, 0) / alpha.length;
  assert.ok(Math.abs(cover - Math.PI / 4) < 0.06, `covers ${cover}`);
});

test("where nothing tells subject and place apart, the box is cut with a soft rim", () => {
  const { alpha } = maskSubject(disc(GREEN, GREEN), DISC);
  assert.equal(Math.max(...alpha), 1);
  assert.ok((alpha[0] as number) < 0.2);
});

test("a box that reaches out of the picture is cut at its edge", () => {
  const { box } = maskSubject(disc(RED, GREEN), { left: -10, top: 100, width: 500, height: 50 });
  assert.deepEqual(box, { left: 0, top: 100, width: 160, height: 20 });
});

test("on another background nothing of the old one is left", () => {
  const empty = { picture: disc(BLUE, BLUE), objects: [] };
  const made = swapBackground(
    { picture: disc(RED, GREEN), objects: [{ label: "fox", box: DISC }] },
    empty,
    new SeededRandom(3),
  );
  const [object] = made.objects;
  assert.equal(object?.label, "fox");
  let [red, green] = [0, 0];
  for (let at = 0; at < made.picture.rgb.length; at += 3) {
    const [r, g, b] = made.picture.rgb.subarray(at, at + 3) as unknown as Colour;
    if (r > 150 && g < 100) red++;
    if (g > 130 && b < 110) green++;
  }
  const area = (object?.box.width ?? 0) * (object?.box.height ?? 0);
  assert.ok(red > area * 0.6, `${red} of ${area}`);
  assert.ok(green < area * 0.02, `${green} pixels of the old place`);
});

test("who stood there before is still known, unless the newcomer hides him", () => {
  const ground = {
    picture: disc(BLUE, GREEN),
    objects: [{ label: "king", box: { left: 100, top: 5, width: 30, height: 30 } }],
  };
  const fox = { picture: disc(RED, GREEN), objects: [{ label: "fox", box: DISC }] };
  const labels = swapBackground(fox, ground, new SeededRandom(1)).objects.map(({ label }) => label);
  assert.deepEqual(labels, ["king", "fox"]);
  const all = {
    picture: disc(RED, RED),
    objects: [{ label: "fox", box: { left: 0, top: 0, width: 160, height: 120 } }],
  };
  const covered = new SeededRandom(1);
  covered.between = () => 1;
  assert.deepEqual(
    swapBackground(all, ground, covered).objects.map(({ label }) => label),
    ["fox"],
  );
});

test("the same seed pastes to the same place", () => {
  const fox = { picture: disc(RED, GREEN), objects: [{ label: "fox", box: DISC }] };
  const made = (seed: number) =>
    swapBackground(fox, { picture: disc(BLUE, BLUE), objects: [] }, new SeededRandom(seed));
  assert.deepEqual(made(1), made(1));
  assert.notDeepEqual(made(1).objects, made(2).objects);
});
