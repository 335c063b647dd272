import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fit, placeTags, type Rect } from "../../page/overlay-layout.ts";

const AREA = { x: 10, y: 20, width: 600, height: 340 };

test("a picture keeps its shape inside the canvas", () => {
  assert.deepEqual(fit({ width: 640, height: 360 }, { width: 640, height: 640 }), {
    x: 0,
    y: 140,
    width: 640,
    height: 360,
  });
});

test("tags stay inside the picture wherever the boxes are", () => {
  const box = fc.record({
    x: fc.integer({ min: -100, max: 800 }),
    y: fc.integer({ min: -100, max: 500 }),
    width: fc.integer({ min: 1, max: 400 }),
    height: fc.integer({ min: 1, max: 400 }),
  });
  const tagged = fc.record({ box, tagWidth: fc.integer({ min: 20, max: 200 }) });
  fc.assert(
    fc.property(fc.array(tagged, { maxLength: 12 }), (boxes) => {
      const tags = placeTags(boxes, { area: AREA, tagHeight: 22 });
      assert.equal(tags.length, boxes.length);
      for (const tag of tags) {
        assert.ok(tag.x >= AREA.x && tag.x + tag.width <= AREA.x + AREA.width);
        assert.ok(tag.y >= AREA.y && tag.y + tag.height <= AREA.y + AREA.height);
      }
    }),
    { numRuns: 100 },
  );
});

test("two boxes at one place get two tags that can both be read", () => {
  const box: Rect = { x: 100, y: 100, width: 50, height: 80 };
  const [first, second] = placeTags(
    [
      { box, tagWidth: 90 },
      { box, tagWidth: 90 },
    ],
    { area: AREA, tagHeight: 22 },
  );
  assert.ok(first && second && second.y >= first.y + first.height);
});
