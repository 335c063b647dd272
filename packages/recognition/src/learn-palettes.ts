import type { Picture } from "@followspot/dataset";
import { mixPalette, type Palette } from "./palette.ts";
import { toPlanes } from "./planes.ts";
import type { Framed } from "./training-sample.ts";

/** The palette of one subject, and where it was photographed. */
export interface ScenePalette {
  readonly scene: string;
  readonly palette: Palette;
}

const MOST_A_CLASS = 60;
/** Read at about the size that subjects have on a stage, so that weave and stitches are as blurred as there. */
const SIDE = 110;

/** The palettes of every subject; one list a class. */
export function learnPalettes(pictures: readonly Framed[], classes: number): ScenePalette[][] {
  const learnt = Array.from({ length: classes }, (): ScenePalette[] => []);
  for (const { scene, view, subjects } of pictures) {
    for (const { box, label } of subjects) {
      const known = learnt[label];
      if (!known || known.length >= MOST_A_CLASS) continue;
      const { levels } = view.pyramid;
      let depth = 0;
      while (depth < levels.length - 1 && Math.max(box.width, box.height) / 2 ** depth > SIDE) depth++;
      known.push({ scene, palette: mixPalette(toPlanes(levels[depth] as Picture), box, 2 ** depth) });
    }
  }
  return learnt;
}
