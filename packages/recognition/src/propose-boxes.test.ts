import assert from "node:assert/strict";
import { test } from "node:test";
import { SeededRandom } from "@followspot/domain";
import { overlap } from "./boxes.ts";
import { proposeBoxes } from "./propose-boxes.ts";
import { drawStage } from "./testdata/painted-samples.ts";

test("who stands alone is among the first proposals, with their box", () => {
  let met = 0;
  for (let seed = 0; seed < 10; seed++) {
    const { picture, truth } = drawStage(["red"], new SeededRandom(seed), "table");
    const box = truth[0]?.box;
    const proposals = proposeBoxes(picture, 4);
    assert.ok(box && proposals.length > 0);
    if (proposals.some((one) => overlap(one.box, box) > 0.5)) met += 1;
  }
  assert.ok(met >= 9, `${met} of 10`);
});

test("proposals lie in the picture, the best first, as many as were asked for; in a blackout there is none", () => {
  const { picture } = drawStage(["red", "wolf"], new SeededRandom(7));
  const proposals = proposeBoxes(picture, 3);
  assert.ok(proposals.length > 0 && proposals.length <= 3);
  for (const [at, { box, score }] of proposals.entries()) {
    assert.ok(box.left >= 0 && box.top >= 0);
    assert.ok(box.left + box.width <= picture.width + 1e-3 && box.top + box.height <= picture.height + 1e-3);
    assert.ok(score <= (proposals[at - 1]?.score ?? 1));
  }
  assert.deepEqual(proposeBoxes({ ...picture, rgb: new Uint8Array(picture.rgb.length) }), []);
});
