import assert from "node:assert/strict";
import { test } from "node:test";
import { CAST, DURATION_MS, groundTruth, ON_STAGE_FROM, timeline } from "./index.ts";
import { type Layer, SpriteShelf } from "./layer.ts";
import { setStage } from "./stage.ts";
import type { Sprite } from "./sprite.ts";
import { blankPicture, paint } from "./surface.ts";
import { compose, scaling } from "./transform.ts";

const [WIDTH, HEIGHT] = [480, 270];
const PIXELS_PER_UNIT = WIDTH / 1280;
const shelf = new SpriteShelf();

/** The layers painted by the renderer's own painter: those of `label` white, what covers them black. */
async function paintMask(layers: readonly Layer[], label: string): Promise<{ area: number; box: number[] }> {
  const picture = blankPicture(WIDTH, HEIGHT);
  for (const layer of layers) {
    const sprite = flat(await shelf.get(layer, PIXELS_PER_UNIT), layer.label === label ? 255 : 0);
    paint(picture, sprite, compose(layer.at, scaling(PIXELS_PER_UNIT)));
  }
  let [area, left, top, right, bottom] = [0, WIDTH, HEIGHT, 0, 0];
  for (let pixel = 0; pixel < WIDTH * HEIGHT; pixel++) {
    if ((picture.pixels[pixel * 4] ?? 0) < 128) continue;
    const [x, y] = [pixel % WIDTH, Math.floor(pixel / WIDTH)];
    area++;
    [left, top, right, bottom] = [
      Math.min(left, x),
      Math.min(top, y),
      Math.max(right, x + 1),
      Math.max(bottom, y + 1),
    ];
  }
  return { area, box: [left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT] };
}

/** The sprite in one colour, without its soft edges and shadows. */
function flat(sprite: Sprite, colour: number): Sprite {
  const pixels = new Uint8Array(sprite.pixels.length);
  for (let i = 0; i < pixels.length; i += 4) {
    if ((sprite.pixels[i + 3] ?? 0) >= 128) pixels.set([colour, colour, colour, 255], i);
  }
  return { ...sprite, pixels };
}

test("the truth agrees with a mask painted by the renderer, label by label", async () => {
  let compared = 0;
  for (const timeMs of [5_000, 35_000, 46_500, 67_000, 88_000, 110_000]) {
    const { layers, frame } = setStage(timeMs);
    const { present } = await groundTruth(timeMs);
    for (const { label, visible, box } of present) {
      const seen = await paintMask([...layers, frame], label);
      const whole = await paintMask(
        layers.filter((layer) => layer.label === label),
        label,
      );
      // Tiny remainders are a matter of rounding, and what stands outside the picture has no mask to compare with.
      if (seen.area < 40 || whole.box[0] === 0 || whole.box[2] === 1) continue;
      compared++;
      const where = `${label} at ${timeMs} ms`;
      assert.ok(
        Math.abs(visible - seen.area / whole.area) < 0.06,
        `${where}: ${visible} is not ${seen.area / whole.area}`,
      );
      [box.left, box.top, box.right, box.bottom].forEach((edge, index) => {
        assert.ok(
          Math.abs(edge - (seen.box[index] ?? 0)) < 0.025,
          `${where}: edge ${index} is ${edge}, not ${seen.box[index]}`,
        );
      });
    }
  }
  assert.ok(compared > 24, `only ${compared} masks were compared`);
});

test("boxes lie inside the picture and fractions between 0 and 1", async () => {
  for (let timeMs = 0; timeMs < DURATION_MS; timeMs += 2_300) {
    for (const { label, visible, box } of (await groundTruth(timeMs)).present) {
      const where = `${label} at ${timeMs} ms`;
      assert.ok(visible > 0 && visible <= 1, `${where}: ${visible}`);
      assert.ok(box.left >= 0 && box.top >= 0 && box.right <= 1 && box.bottom <= 1, where);
      assert.ok(box.left < box.right && box.top < box.bottom, where);
    }
  }
});

test("everybody of the cast plays, is partly hidden at some time, and is away at some time", async () => {
  const most = new Map<string, number>();
  const covered = new Set<string>();
  const away = new Set<string>();
  for (let timeMs = 100; timeMs < DURATION_MS; timeMs += 300) {
    const { present, onStage } = await groundTruth(timeMs);
    for (const { id } of CAST) if (!onStage.includes(id)) away.add(id);
    for (const { label, visible } of present) {
      most.set(label, Math.max(most.get(label) ?? 0, visible));
      if (visible < 0.7) covered.add(label);
    }
  }
  const ids = CAST.map(({ id }) => id).sort();
  assert.deepEqual([...most.keys()].sort(), ids);
  for (const [label, visible] of most)
    assert.ok(visible > 0.5, `${label} is never more than ${visible} visible`);
  assert.deepEqual([...covered].sort(), ids);
  assert.deepEqual([...away].sort(), ids);
});

test("characters hide wholly behind scenery while they stand on the stage", async () => {
  const hidden = new Set<string>();
  for (let timeMs = 0; timeMs < DURATION_MS; timeMs += 500) {
    const seen = new Map((await groundTruth(timeMs)).present.map(({ label, visible }) => [label, visible]));
    for (const { label, x } of setStage(timeMs).present) {
      if (x > 240 && x < 1_060 && (seen.get(label) ?? 0) < ON_STAGE_FROM) hidden.add(label);
    }
  }
  for (const label of ["red", "wolf", "grandmother"]) assert.ok(hidden.has(label), `${label} never hides`);
});

test("the timeline has one line a second and names who changes within it", async () => {
  const seconds = await timeline();
  assert.equal(seconds.length, DURATION_MS / 1_000);
  for (const [index, { second, onStage, changing, scene }] of seconds.entries()) {
    assert.equal(second, index);
    assert.notEqual(scene, "");
    const before = seconds[index - 1]?.onStage;
    const next = seconds[index + 1];
    if (!before || !next || before.join() === onStage.join()) continue;
    assert.ok([...onStage, ...before, ...changing].every((label) => CAST.some(({ id }) => id === label)));
  }
  assert.ok(seconds.filter(({ dark }) => dark).length >= 4);
});
