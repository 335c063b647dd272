import { SeededRandom } from "@followspot/domain";
import type { LabelledBox, Picture } from "@followspot/dataset";
import type { TrainingSample } from "../training-sample.ts";

const WIDTH = 240;
const HEIGHT = 160;

type Colour = readonly [number, number, number];

/** Three subjects of coloured stripes and blocks: enough for a test, and drawn in microseconds. */
const SUBJECTS: Record<string, { readonly width: number; readonly height: number; readonly bands: readonly Colour[] }> = {
  red: { width: 40, height: 64, bands: [[190, 30, 40], [230, 190, 160], [190, 30, 40], [60, 80, 190]] },
  wolf: { width: 48, height: 72, bands: [[110, 110, 120], [240, 220, 60], [110, 110, 120], [110, 40, 130]] },
  axe: { width: 30, height: 50, bands: [[200, 205, 210], [150, 100, 50], [150, 100, 50], [180, 60, 40]] },
};

const PLACES: Record<string, readonly [Colour, Colour]> = {
  wall: [[180, 170, 150], [165, 155, 140]],
  table: [[140, 95, 60], [120, 80, 50]],
  garden: [[110, 160, 90], [150, 190, 230]],
};

/** A picture with these subjects side by side, at sizes and places drawn from `random`. */
export function drawStage(
  labels: readonly string[],
  random: SeededRandom,
  place = "wall",
): { readonly picture: Picture; readonly truth: readonly LabelledBox[] } {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  const [upper, lower] = PLACES[place] as [Colour, Colour];
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) {
      const colour = y < HEIGHT * 0.6 ? upper : lower;
      for (let channel = 0; channel < 3; channel++) rgb[at + channel] = (colour[channel] as number) + random.below(9) - 4;
    }
  }
  const truth = labels.map((label, slot): LabelledBox => {
    const subject = SUBJECTS[label] as (typeof SUBJECTS)[string];
    const scale = random.between(0.8, 1.4);
    const width = Math.round(subject.width * scale);
    const height = Math.round(subject.height * scale);
    const wide = WIDTH / labels.length;
    const left = Math.round(slot * wide + random.between(2, wide - width - 2));
    const top = Math.round(random.between(4, HEIGHT - height - 4));
    for (let y = 0; y < height; y++) {
      const colour = subject.bands[Math.floor((y * subject.bands.length) / height)] as Colour;
      for (let x = 0; x < width; x++) {
        // Round enough that the corners of the box are not the subject.
        if (((x / width - 0.5) * 2) ** 4 + ((y / height - 0.5) * 2) ** 4 > 1) continue;
        const at = ((top + y) * WIDTH + left + x) * 3;
        for (let channel = 0; channel < 3; channel++) rgb[at + channel] = (colour[channel] as number) + random.below(7) - 3;
      }
    }
    return { label, box: { left, top, width, height } };
  });
  return { picture: { rgb, width: WIDTH, height: HEIGHT }, truth };
}

/** Four pictures of each of three subjects in each of three places. */
export function paintedSamples(): TrainingSample[] {
  const random = new SeededRandom(3);
  return Object.keys(PLACES).flatMap((scene) =>
    Object.keys(SUBJECTS).flatMap((label) =>
      Array.from({ length: 4 }, (): TrainingSample => {
        const { picture, truth } = drawStage([label], random, scene);
        return { picture, label, scene, objects: truth };
      }),
    ),
  );
}
