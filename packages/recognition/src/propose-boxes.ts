import { ownNetwork, suppressOverlaps } from "@followspot/backbone";
import type { Box, Picture } from "@followspot/dataset";
import { clipBox } from "./boxes.ts";
import { findFigures } from "./find-figures.ts";
import { finderMaps } from "./finder-maps.ts";
import { estimateLight, isDark, relight } from "./light.ts";
import { ownMatrix } from "./own-matrix.ts";
import { resample } from "./resample.ts";

/**
 * Pixels of the sizes at which figures are looked for. What fills a photograph is found in the small ones, who stands
 * on a stage in the large one.
 */
const LOOK_AREAS = [96 * 96, 160 * 160, 245 * 245] as const;
const LEAST_SIDE = 16;
/** What is less wide or high, in pixels of the picture, is nobody. */
const LEAST_BOX = 4;
/** Boxes that overlap by more are about the same thing. */
const SAME = 0.6;
/** Of what is equally sure the larger one comes first: a head is sooner the part of a puppet than a puppet. */
const SIZE_POWER = 0.35;
/** From this share of the picture on, larger is no better. */
const LARGE = 0.25;

export interface BoxProposal {
  readonly box: Box;
  /** How much it looks like somebody or something, 0 to 1; comparable within one picture. */
  readonly score: number;
}

/** Where somebody or something may be, whoever it is; best first. In a blackout nowhere. */
export function proposeBoxes(picture: Picture, limit = 10): BoxProposal[] {
  const gains = estimateLight(picture);
  return isDark(gains) ? [] : proposeIn(relight(picture, gains), limit);
}

/** @param lit a picture whose light has been taken out. */
export function proposeIn(lit: Picture, limit: number): BoxProposal[] {
  const heads = { deep: ownMatrix("finder", "headDeep"), wide: ownMatrix("finder", "headWide") };
  const found: BoxProposal[] = [];
  const pixels = lit.width * lit.height;
  for (const area of LOOK_AREAS) {
    const factor = Math.min(1, Math.sqrt(area / pixels));
    const width = Math.max(LEAST_SIDE, Math.round(lit.width * factor));
    const height = Math.max(LEAST_SIDE, Math.round(lit.height * factor));
    const maps = ownNetwork("finder").run(resample(lit, whole(lit), { width, height }));
    const cells = finderMaps(maps, heads);
    for (const { box, score } of findFigures(cells)) {
      const clipped = clipBox(inPixels(box, cells, lit), lit.width, lit.height);
      const share = (clipped.width * clipped.height) / pixels;
      found.push({ box: clipped, score: score * Math.min(1, share / LARGE) ** SIZE_POWER });
    }
    // Looked at larger than it is, a small picture shows no more.
    if (factor === 1) break;
  }
  const large = found.filter(({ box }) => Math.min(box.width, box.height) >= LEAST_BOX);
  return suppressOverlaps(large, { limit, overlap: SAME });
}

function whole({ width, height }: Picture): Box {
  return { left: 0, top: 0, width, height };
}

function inPixels(
  box: Box,
  cells: { readonly width: number; readonly height: number },
  picture: Picture,
): Box {
  const x = picture.width / cells.width;
  const y = picture.height / cells.height;
  return { left: box.left * x, top: box.top * y, width: box.width * x, height: box.height * y };
}
