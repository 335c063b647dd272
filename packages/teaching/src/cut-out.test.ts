import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cutOut } from "./cut-out.ts";

const WIDTH = 40;
const HEIGHT = 30;

const picture = {
  rgb: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, at) => (at * 37) % 256),
  width: WIDTH,
  height: HEIGHT,
};

test("a part that is small enough is cut out pixel for pixel", () => {
  const { rgb, width, height } = cutOut(picture, { left: 3, top: 5, width: 7, height: 4 }, 96);
  assert.deepEqual([width, height], [7, 4]);
  assert.deepEqual(
    [...rgb.subarray(0, 3)],
    [...picture.rgb.subarray((5 * WIDTH + 3) * 3, (5 * WIDTH + 3) * 3 + 3)],
  );
});

test("any box gives a picture that is no larger than asked, with the mean brightness of what it shows", () => {
  const side = fc.integer({ min: 1, max: 60 });
  const place = fc.integer({ min: -5, max: 25 });
  fc.assert(
    fc.property(
      place,
      place,
      side,
      side,
      fc.integer({ min: 1, max: 64 }),
      (left, top, width, height, longest) => {
        const cut = cutOut(picture, { left, top, width, height }, longest);
        assert.equal(cut.rgb.length, cut.width * cut.height * 3);
        assert.ok(Math.max(cut.width, cut.height) <= Math.max(1, longest));
        const whole = cutOut(picture, { left, top, width, height }, 1_000);
        // Exactly the mean only where the cells are of one size.
        if (whole.width % cut.width === 0 && whole.height % cut.height === 0) {
          assert.ok(Math.abs(mean(cut.rgb) - mean(whole.rgb)) <= 1);
        }
      },
    ),
  );
});

function mean(values: Uint8Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
