import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import type { Box, Picture } from "@followspot/dataset";
import { BackgroundModel } from "./background-model.ts";
import { overlap } from "./boxes.ts";

const WIDTH = 320;
const HEIGHT = 180;

type Gains = readonly [number, number, number];
interface Look {
  readonly puppet?: Box;
  readonly light?: Gains;
  /** A soft lamp there, in pixels. */
  readonly lamp?: { readonly x: number; readonly y: number; readonly gain: number };
  readonly chair?: boolean;
  readonly seed?: number;
}

const CHAIR: Box = { left: 30, top: 100, width: 40, height: 60 };

/** A stage with a patterned wall, a floor and a window, lit and seen by a noisy camera. */
function stage({ puppet, light = [1, 1, 1], lamp, chair = false, seed = 1 }: Look): Picture {
  const random = new SeededRandom(seed);
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) {
      let colour: Gains = y > 130 ? [120, 80, 50] : (x >> 4) % 2 ? [150, 140, 110] : [140, 130, 105];
      if (x > 200 && x < 260 && y > 30 && y < 90) colour = [120, 170, 210];
      if (chair && inside(CHAIR, x, y)) colour = (y >> 3) % 2 ? [60, 40, 30] : [90, 60, 40];
      if (puppet && inside(puppet, x, y)) colour = ((x + y) >> 3) % 2 ? [190, 40, 50] : [60, 70, 160];
      const glow = lamp
        ? lamp.gain * Math.max(0, 1 - ((x - lamp.x) ** 2 + (y - lamp.y) ** 2) / 90 ** 2) ** 2
        : 0;
      for (let channel = 0; channel < 3; channel++) {
        const value =
          (colour[channel] as number) * ((light[channel] as number) + glow) + random.between(-3, 3);
        rgb[at + channel] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  return { rgb, width: WIDTH, height: HEIGHT };
}

function inside({ left, top, width, height }: Box, x: number, y: number): boolean {
  return x >= left && x < left + width && y >= top && y < top + height;
}

function puppetAt(left: number): Box {
  return { left, top: 60, width: 44, height: 90 };
}

const LIGHTS: readonly [string, Pick<Look, "light" | "lamp">][] = [
  ["warm", { light: [1, 0.9, 0.7] }],
  ["dim", { light: [0.35, 0.35, 0.35] }],
  ["night blue", { light: [0.2, 0.25, 0.5] }],
  ["red gel", { light: [0.7, 0.15, 0.12] }],
  ["a followspot", { light: [0.25, 0.25, 0.3], lamp: { x: 120, y: 100, gain: 0.9 } }],
  ["bright", { light: [1.3, 1.3, 1.3] }],
];

test("a puppet that comes onto a learnt stage is found, wherever it goes", () => {
  const model = new BackgroundModel();
  model.update(stage({}));
  for (const [seed, left] of [20, 90, 160, 240].entries()) {
    const { changed } = model.update(stage({ puppet: puppetAt(left), seed: seed + 2 }));
    const [best] = changed;
    assert.ok(best && overlap(best.box, puppetAt(left)) > 0.7, `at ${left}: ${JSON.stringify(changed)}`);
  }
});

for (const [name, light] of LIGHTS) {
  test(`${name} light is a change of light and nobody; a puppet in it is still found`, () => {
    const model = new BackgroundModel();
    model.update(stage({}));
    model.update(stage({ seed: 2 }));
    const cue = model.update(stage({ ...light, seed: 3 }));
    assert.deepEqual(cue.changed, []);
    assert.equal(cue.lightChanged, true);
    const later = model.update(stage({ ...light, seed: 4 }));
    assert.deepEqual([later.changed, later.lightChanged], [[], false]);
    const seen = model.update(stage({ ...light, puppet: puppetAt(110), seed: 5 }));
    const [best] = seen.changed;
    assert.ok(best && overlap(best.box, puppetAt(110)) > 0.6, JSON.stringify(seen.changed));
  });
}

test("a blackout says nothing and changes nothing", () => {
  const model = new BackgroundModel();
  model.update(stage({}));
  const dark = model.update(stage({ puppet: puppetAt(100), light: [0, 0, 0] }));
  assert.deepEqual([dark.dark, dark.changed], [true, []]);
  assert.equal(model.update(stage({ puppet: puppetAt(100) })).changed.length > 0, true);
  assert.deepEqual(model.update(stage({ seed: 3 })).changed, []);
});

test("what is put on stage and stays belongs to the set after a while, and its going too", () => {
  const model = new BackgroundModel({ absorbFrames: 20 });
  model.update(stage({}));
  let frames = 0;
  while (model.update(stage({ chair: true, seed: frames + 2 })).changed.length > 0) {
    frames++;
    assert.ok(frames < 60, "the chair is a ghost for ever");
  }
  assert.ok(frames >= 15, `absorbed after ${frames} frames already`);
  const withPuppet = model.update(stage({ chair: true, puppet: puppetAt(200), seed: 99 }));
  assert.ok(withPuppet.changed[0] && overlap(withPuppet.changed[0].box, puppetAt(200)) > 0.6);
  for (frames = 0; model.update(stage({ seed: frames + 200 })).changed.length > 0; frames++)
    assert.ok(frames < 60);
});

test("what was there when the stage was learnt and is taken away leaves no ghost behind", () => {
  const model = new BackgroundModel();
  model.update(stage({ chair: true }));
  let frames = 0;
  while (model.update(stage({ seed: frames + 2 })).changed.length > 0) {
    frames++;
    assert.ok(frames < 45, "the chair is a ghost for long");
  }
  assert.ok(frames > 20, `learnt after ${frames} frames already`);
});

test("what stands still is nobody's ghost: it is seen for a minute, or for ever where nothing is absorbed", () => {
  for (const absorbFrames of [600, Number.POSITIVE_INFINITY]) {
    const model = new BackgroundModel({ absorbFrames });
    model.update(stage({}));
    for (let frame = 0; frame < 80; frame++) {
      const { changed } = model.update(stage({ puppet: puppetAt(100), seed: frame + 2 }));
      assert.ok(changed.length > 0, `absorbed after ${frame} frames`);
    }
  }
});

test("a puppet that keeps moving is never absorbed", () => {
  const model = new BackgroundModel({ absorbFrames: 5 });
  model.update(stage({}));
  for (let frame = 0; frame < 60; frame++) {
    const box = puppetAt(100 + (frame % 4) * 10);
    const [best] = model.update(stage({ puppet: box, seed: frame + 2 })).changed;
    assert.ok(best && overlap(best.box, box) > 0.4, `lost in frame ${frame}`);
  }
});

test("frames of another size begin anew", () => {
  const model = new BackgroundModel();
  model.update(stage({}));
  const small: Picture = { rgb: new Uint8Array(64 * 48 * 3).fill(100), width: 64, height: 48 };
  assert.deepEqual(model.update(small).changed, []);
  assert.deepEqual(model.update(small).changed, []);
});
