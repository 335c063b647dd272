import assert from "node:assert/strict";
import { test } from "node:test";
import { cutOut } from "./cut-out.ts";

const [width, height] = [100, 60];
const picture = {
  width,
  height,
  rgb: Uint8Array.from({ length: width * height * 3 }, (_, at) => (at % 3 === 0 ? (at / 3) % width : 7)),
};

test("what is cut out are the box's own pixels, with a little room", () => {
  const cut = cutOut(picture, { left: 20, top: 10, width: 40, height: 20 });
  assert.ok(cut);
  assert.deepEqual([cut.width, cut.height], [44, 22]);
  assert.deepEqual([...cut.rgb.subarray(0, 6)], [18, 7, 7, 19, 7, 7]);
  assert.equal(cut.rgb.length, 44 * 22 * 3);
});

test("a box that sticks out is cut at the picture's edge, and one that is outside gives nothing", () => {
  const cut = cutOut(picture, { left: 80, top: -10, width: 60, height: 40 });
  assert.deepEqual([cut?.width, cut?.height], [23, 32]);
  assert.equal(cutOut(picture, { left: 99, top: 0, width: 40, height: 40 }), undefined);
});
