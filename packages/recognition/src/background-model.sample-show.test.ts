import assert from "node:assert/strict";
import { test } from "node:test";
import type { Box, Picture } from "@followspot/dataset";
import { groundTruth, ShowRenderer } from "@followspot/sample-show";
import { BackgroundModel } from "./background-model.ts";
import { overlap } from "./boxes.ts";

const WIDTH = 320;
const HEIGHT = 180;
const CHARACTERS = new Set(["red", "wolf", "woodcutter", "bird"]);
/** The forest is lit and nearly empty: the bird only shows its beak. */
const FIRST_LOOK_MS = 25_900;
/** Then the bird flies in, Red walks through, and the wolf comes. */
const TO_MS = 36_000;
/** The morning fades to amber, and to the blue of the night. */
const CUES_MS = { from: 46_500, to: 54_000 };
const STEP_MS = 250;

const renderer = new ShowRenderer({ width: WIDTH, height: HEIGHT });

async function frameAt(timeMs: number): Promise<Picture> {
  return { rgb: new Uint8Array(await renderer.renderRgb(timeMs)), width: WIDTH, height: HEIGHT };
}

async function whoIsThere(timeMs: number): Promise<{ label: string; visible: number; box: Box }[]> {
  const { present } = await groundTruth(timeMs);
  return present.map(({ label, visible, box: { left, top, right, bottom } }) => ({
    label,
    visible,
    box: {
      left: left * WIDTH,
      top: top * HEIGHT,
      width: (right - left) * WIDTH,
      height: (bottom - top) * HEIGHT,
    },
  }));
}

test("in the sample show's forest those who move are boxed, and cues of the light box nobody", async () => {
  const model = new BackgroundModel();
  model.update(await frameAt(FIRST_LOOK_MS));
  let [moving, found] = [0, 0];
  for (let timeMs = FIRST_LOOK_MS + STEP_MS; timeMs <= TO_MS; timeMs += STEP_MS) {
    const { changed } = model.update(await frameAt(timeMs));
    const there = await whoIsThere(timeMs);
    for (const who of there) {
      const alone = there.every((other) => other === who || overlap(other.box, who.box) < 0.005);
      if (!CHARACTERS.has(who.label) || who.visible < 0.5 || !alone) continue;
      moving++;
      if (changed.slice(0, 10).some(({ box }) => overlap(box, who.box) >= 0.5)) found++;
    }
  }
  assert.ok(moving >= 20, `only ${moving} looks`);
  assert.ok(found / moving >= 0.85, `${found} of ${moving} found`);

  let [frames, cues, ghosts] = [0, 0, 0];
  for (let timeMs = CUES_MS.from; timeMs <= CUES_MS.to; timeMs += STEP_MS) {
    const { changed, lightChanged } = model.update(await frameAt(timeMs));
    const there = await whoIsThere(timeMs);
    frames++;
    if (lightChanged) cues++;
    ghosts += changed.filter(({ box }) => there.every((who) => overlap(who.box, box) < 0.02)).length;
  }
  assert.ok(cues >= 1, `the light changed in ${cues} frames`);
  // A puppet's shadow and rod are nobody's; a whole cue that was taken for somebody would be more.
  assert.ok(ghosts <= frames / 2, `${ghosts} boxes round nobody in ${frames} frames`);
});
