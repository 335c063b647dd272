import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { resample } from "./resample.ts";

const side = fc.integer({ min: 1, max: 40 });

test("a picture of one colour stays that colour at any size, for any box", () => {
  fc.assert(
    fc.property(
      side,
      side,
      side,
      side,
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
      (width, height, wide, tall, [a = 0, b = 0, c = 0, d = 0]) => {
        const picture = { width, height, rgb: new Uint8Array(width * height * 3).fill(77) };
        const left = a * (width - 0.01);
        const top = b * (height - 0.01);
        const box = {
          left,
          top,
          width: 0.01 + c * (width - left - 0.01),
          height: 0.01 + d * (height - top - 0.01),
        };
        const result = resample(picture, box, { width: wide, height: tall });
        assert.equal(result.length, wide * tall * 3);
        for (const value of result) assert.ok(Math.abs(value - 77) < 1e-3, String(value));
      },
    ),
  );
});

test("at its own size a picture stays as it is, and a box is cut out of it", () => {
  const rgb = Uint8Array.from({ length: 6 * 5 * 3 }, (_, at) => (at * 37) % 256);
  const picture = { width: 6, height: 5, rgb };
  const whole = resample(picture, { left: 0, top: 0, width: 6, height: 5 }, { width: 6, height: 5 });
  assert.deepEqual([...whole], [...rgb]);
  const [red] = resample(picture, { left: 2, top: 1, width: 1, height: 1 }, { width: 1, height: 1 });
  assert.equal(red, rgb[(6 + 2) * 3]);
});

test("a picture made much smaller is averaged, not sampled", () => {
  const rgb = Uint8Array.from({ length: 64 * 64 * 3 }, (_, at) => (Math.floor(at / 3) % 2 ? 200 : 0));
  const small = resample(
    { width: 64, height: 64, rgb },
    { left: 0, top: 0, width: 64, height: 64 },
    { width: 4, height: 4 },
  );
  for (const value of small) assert.ok(Math.abs(value - 100) < 4, String(value));
});
