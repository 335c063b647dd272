import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import fc from "fast-check";
import { mapParts } from "./forest.ts";
import { toPlanes } from "./planes.ts";
import { smallModel } from "./testdata/small-model.ts";

function noise(seed: number, width = 30, height = 24) {
  const random = new SeededRandom(seed);
  return {
    rgb: Uint8Array.from({ length: width * height * 3 }, () => 60 + random.below(120)),
    width,
    height,
  };
}

test("light of another colour adds the same to every pixel of a plane", () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0.7, max: 1.3, noNaN: true }), (seed, gain) => {
      const picture = noise(seed);
      const tinted = {
        ...picture,
        rgb: picture.rgb.map((value, at) => (at % 3 === 0 ? value * gain : value)),
      };
      const [before, after] = [toPlanes(picture), toPlanes(tinted)];
      const shifts = [];
      for (let at = before.size; at < before.size * 2; at++) {
        shifts.push((after.values[at] as number) - (before.values[at] as number));
      }
      // Black is kept away from minus infinity, so the law is not exact.
      assert.ok(
        Math.max(...shifts) - Math.min(...shifts) <= 7,
        `${Math.min(...shifts)} to ${Math.max(...shifts)}`,
      );
    }),
    { numRuns: 40 },
  );
});

test("the margin repeats the edge", () => {
  const { values, stride, width, height } = toPlanes(noise(1));
  const at = (x: number, y: number) => values[(y + 10) * stride + x + 10];
  assert.equal(at(-10, 5), at(0, 5));
  assert.equal(at(width + 9, 5), at(width - 1, 5));
  assert.equal(at(3, -10), at(3, 0));
  assert.equal(at(3, height + 9), at(3, height - 1));
});

test("a forest maps reddish places to its label and the others to nobody", () => {
  const { forest } = smallModel();
  const picture = noise(2);
  for (let pixel = 0; pixel < 30 * 24; pixel++) {
    const red = pixel % 30 < 15;
    picture.rgb.set(red ? [200, 60, 60] : [80, 120, 80], pixel * 3);
  }
  const { maps, width, height } = mapParts(forest, toPlanes(picture));
  const middle = Math.floor(height / 2) * width;
  assert.deepEqual([maps[0]?.[middle], maps[2]?.[middle]], [200, 55]);
  assert.deepEqual([maps[0]?.[middle + width - 1], maps[2]?.[middle + width - 1]], [0, 255]);
});
