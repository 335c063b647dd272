import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ChangeGate, hasChanged } from "./change-gate.ts";
import { type LumaThumbnail, THUMBNAIL_CELLS, THUMBNAIL_SIDE } from "./luma-thumbnail.ts";

/** A stage: smooth background, some scenery. Levels 60 to 200, so that light can go both ways without clipping. */
const stage = fc
  .record({ tilt: fc.double({ min: 0.2, max: 1, noNaN: true }), seed: fc.integer({ min: 1, max: 1e6 }) })
  .map(({ tilt, seed }) =>
    Float32Array.from({ length: THUMBNAIL_CELLS }, (_, cell) => {
      const [x, y] = [cell % THUMBNAIL_SIDE, Math.floor(cell / THUMBNAIL_SIDE)];
      const scenery = Math.sin((x * seed) % 17) * 30 + Math.cos((y * seed) % 13) * 20;
      return 130 + (x / THUMBNAIL_SIDE - 0.5) * 40 * tilt + scenery * tilt;
    }),
  );

const puppet = fc.record({
  x: fc.integer({ min: 0, max: THUMBNAIL_SIDE - 4 }),
  y: fc.integer({ min: 0, max: THUMBNAIL_SIDE - 4 }),
});

function withPuppet(scene: LumaThumbnail, at: { x: number; y: number }): LumaThumbnail {
  const seen = Float32Array.from(scene);
  for (let dy = 0; dy < 4; dy += 1) {
    for (let dx = 0; dx < 4; dx += 1) {
      const cell = (at.y + dy) * THUMBNAIL_SIDE + at.x + dx;
      seen[cell] = (scene[cell] as number) > 120 ? 40 : 220;
    }
  }
  return seen;
}

/** As a camera sees it: under another light, in whole levels between black and white. */
function lit(scene: LumaThumbnail, { gain, offset }: { gain: number; offset: number }): LumaThumbnail {
  return scene.map((luma) => Math.min(255, Math.max(0, Math.round(luma * gain + offset))));
}

function spread(scene: LumaThumbnail): number {
  const mean = scene.reduce((sum, luma) => sum + luma, 0) / scene.length;
  return Math.sqrt(scene.reduce((sum, luma) => sum + (luma - mean) ** 2, 0) / scene.length);
}

test("a still scene is held back under any light that leaves it visible", () => {
  const light = fc.record({
    gain: fc.double({ min: 0.4, max: 1.15, noNaN: true }),
    offset: fc.double({ min: -20, max: 20, noNaN: true }),
  });
  fc.assert(
    fc.property(stage, light, (scene, change) => {
      const before = lit(scene, { gain: 1, offset: 0 });
      const now = lit(scene, change);
      // Where clipping changed the picture itself, it may pass: that is the safe side.
      fc.pre(now.every((luma) => luma > 0 && luma < 255));
      fc.pre(spread(before) > 6 && spread(now) > 6);
      assert.equal(hasChanged(before, now), false);
    }),
  );
});

test("a puppet that moves is seen under every light, down to complete darkness", () => {
  const light = fc.record({
    gain: fc.double({ min: 0, max: 1.5, noNaN: true }),
    offset: fc.double({ min: -60, max: 60, noNaN: true }),
  });
  fc.assert(
    fc.property(stage, puppet, puppet, light, (scene, from, to, change) => {
      fc.pre(Math.abs(from.x - to.x) + Math.abs(from.y - to.y) >= 2);
      const before = lit(withPuppet(scene, from), { gain: 1, offset: 0 });
      const now = lit(withPuppet(scene, to), change);
      assert.equal(hasChanged(before, now), true);
    }),
  );
});

test("a fade to black and back of a moving scene lets every picture through", () => {
  fc.assert(
    fc.property(stage, fc.integer({ min: 10, max: 60 }), (scene, steps) => {
      const gate = new ChangeGate({ floorFps: 0.1, fps: 10 });
      for (let step = 0; step <= 2 * steps; step += 1) {
        const gain = Math.abs(step - steps) / steps;
        const moved = withPuppet(scene, { x: (step * 2) % (THUMBNAIL_SIDE - 4), y: 10 });
        const seen = lit(moved, { gain, offset: 0 });
        assert.equal(gate.wants(seen, step * 100), true, `picture ${step} at gain ${gain}`);
        gate.passed(seen, step * 100);
      }
    }),
    { numRuns: 30 },
  );
});

test("slow movement adds up until it passes, because the last picture that passed is compared with", () => {
  const scene = Float32Array.from({ length: THUMBNAIL_CELLS }, (_, cell) => 100 + (cell % 32) * 3);
  const gate = new ChangeGate({ floorFps: 0.01, fps: 10 });
  gate.passed(scene, 0);
  const passedAt: number[] = [];
  for (let step = 1; step <= 40; step += 1) {
    const drifted = Float32Array.from(scene);
    for (let cell = 200; cell < 210; cell += 1) drifted[cell] = (scene[cell] as number) + step * 0.5;
    if (gate.wants(drifted, step * 100)) {
      passedAt.push(step);
      gate.passed(drifted, step * 100);
    }
  }
  assert.ok(passedAt.length >= 2, `passed at ${passedAt.join(", ")}`);
});

test("a still scene goes down to the floor rate and not below", () => {
  const scene = Float32Array.from({ length: THUMBNAIL_CELLS }, (_, cell) => 60 + (cell % 32) * 4);
  const gate = new ChangeGate({ floorFps: 2, fps: 10 });
  let passed = 0;
  for (let step = 0; step < 100; step += 1) {
    // Jitter of a real camera.
    const nowMs = step * 100 + (step % 3);
    if (!gate.wants(scene, nowMs)) continue;
    gate.passed(scene, nowMs);
    passed += 1;
  }
  assert.ok(passed >= 19 && passed <= 21, `${passed} of 100 pictures in 10 s at 2 fps`);
});

test("a picture that was wanted but did not go is wanted again", () => {
  const gate = new ChangeGate({ floorFps: 1, fps: 10 });
  const scene = Float32Array.from({ length: THUMBNAIL_CELLS }, (_, cell) => 60 + (cell % 32) * 4);
  assert.equal(gate.wants(scene, 0), true);
  assert.equal(gate.wants(scene, 1), true);
});
