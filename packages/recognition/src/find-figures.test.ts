import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box } from "@followspot/dataset";
import { overlap } from "./boxes.ts";
import { findFigures } from "./find-figures.ts";
import type { FinderMaps } from "./finder-maps.ts";

const WIDTH = 20;
const HEIGHT = 12;

/** What a network would say that sees these boxes without a doubt. */
function mapsOf(boxes: readonly Box[]): FinderMaps {
  const figure = new Float32Array(WIDTH * HEIGHT);
  const centre = new Float32Array(WIDTH * HEIGHT);
  const reach = new Float32Array(WIDTH * HEIGHT * 4).fill(1);
  for (const { left, top, width, height } of boxes) {
    for (let y = Math.ceil(top); y + 0.5 < top + height; y++) {
      for (let x = Math.ceil(left); x + 0.5 < left + width; x++) {
        const cell = y * WIDTH + x;
        const to = [x + 0.5 - left, y + 0.5 - top, left + width - x - 0.5, top + height - y - 0.5];
        reach.set(to, cell * 4);
        figure[cell] = 0.95;
        centre[cell] = Math.sqrt(
          (Math.min(to[0]!, to[2]!) / Math.max(to[0]!, to[2]!)) *
            (Math.min(to[1]!, to[3]!) / Math.max(to[1]!, to[3]!)),
        );
      }
    }
  }
  return { width: WIDTH, height: HEIGHT, figure, centre, reach };
}

test("each figure is found once, with its box", () => {
  const boxes = [
    { left: 1, top: 1, width: 5, height: 8 },
    { left: 6, top: 2, width: 4, height: 4 },
    { left: 13, top: 5, width: 6, height: 3 },
  ];
  const found = findFigures(mapsOf(boxes));
  assert.equal(found.length, boxes.length);
  for (const box of boxes) {
    assert.ok(
      found.some((one) => overlap(one.box, box) > 0.95),
      `${JSON.stringify(box)} is found`,
    );
  }
});

test("the best comes first, and where nothing is, nothing is found", () => {
  const scores = findFigures(
    mapsOf([
      { left: 1, top: 1, width: 5, height: 5 },
      { left: 10, top: 1, width: 4, height: 8 },
    ]),
  ).map(({ score }) => score);
  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a),
  );
  assert.deepEqual(findFigures(mapsOf([])), []);
});
