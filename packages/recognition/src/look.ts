import type { Box, Picture } from "@followspot/dataset";
import { mapParts, type PartMaps, STEP } from "./forest.ts";
import { estimateLight, relight } from "./light.ts";
import type { Eye, Gauge } from "./model.ts";
import { toPlanes } from "./planes.ts";
import { buildPyramid } from "./pyramid.ts";
import { scanWindows } from "./scan-windows.ts";

/** The best place of a class in a picture. */
export interface Sighting {
  /** 0 where there is no sign of it; grows with the share of a window that looks like it, and with the window. */
  readonly raw: number;
  readonly box: Box | undefined;
}

/** The longest side of the first level that is looked at, and how many smaller ones follow. */
const FIRST_SIDE = 400;
const LEVELS = 3;
const SMALLEST_SIDE = 40;

/** Looks for every class at several sizes. @param use which trees to ask; all where left out. */
export function lookFor(
  { forest, gauges, aspects }: Eye,
  picture: Picture,
  use?: readonly number[],
): Sighting[] {
  const { levels } = buildPyramid(relight(picture, estimateLight(picture)));
  const first = levels.findIndex(({ width, height }) => Math.max(width, height) <= FIRST_SIDE);
  const best: Sighting[] = gauges.map(() => ({ raw: 0, box: undefined }));
  for (let depth = Math.max(0, first); depth < Math.max(0, first) + LEVELS; depth++) {
    const level = levels[depth];
    if (!level || Math.min(level.width, level.height) < SMALLEST_SIDE) break;
    const parts = mapParts(forest, toPlanes(level), use);
    const scale = STEP * 2 ** depth;
    let sums: Int32Array | undefined;
    for (const [index, gauge] of gauges.entries()) {
      sums = integrateParts(parts, index, gauge, sums);
      const [window] = scanWindows(sums, { ...parts, scale }, { aspects: aspects[index] ?? [1], limit: 1 });
      if (!window) continue;
      const raw = window.evidence / FULL;
      if (raw > (best[index] as Sighting).raw) best[index] = { raw, box: window.box };
    }
  }
  return best;
}

/** What a pixel counts that answers as pixels on the subject do, on average. */
const FULL = 100;
const MOST = 160;
const LEAST = -80;
/** Where between "anywhere else" and "on the subject" a pixel begins to speak for the subject. */
const NEUTRAL = 0.3;

/** Sums over rectangles, in four reads, of how much pixels speak for a class. */
function integrateParts(
  { width, height, maps }: PartMaps,
  index: number,
  { on, off }: Gauge,
  into?: Int32Array,
): Int32Array {
  const map = maps[index] as Uint8Array;
  const stride = width + 1;
  const sums = into ?? new Int32Array(stride * (height + 1));
  const worth = new Int16Array(256);
  const neutral = off + NEUTRAL * (on - off);
  for (let share = 0; share < 256; share++) {
    worth[share] = Math.max(LEAST, Math.min(MOST, Math.round(((share - neutral) / (on - off)) * FULL)));
  }
  for (let y = 0, cell = 0; y < height; y++) {
    let line = 0;
    let at = (y + 1) * stride + 1;
    for (let x = 0; x < width; x++, cell++, at++) {
      line += worth[map[cell] as number] as number;
      sums[at] = (sums[at - stride] as number) + line;
    }
  }
  return sums;
}
