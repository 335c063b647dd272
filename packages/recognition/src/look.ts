import type { Box, Picture } from "@followspot/dataset";
import { clipBox, growBox, scaleBox } from "./boxes.ts";
import { mapParts, type PartMaps, STEP } from "./forest.ts";
import { estimateLight, isDark, relight } from "./light.ts";
import type { Eye, Gauge } from "./model.ts";
import { likeness, mixPalette } from "./palette.ts";
import { toPlanes } from "./planes.ts";
import { buildPyramid } from "./pyramid.ts";
import { scanWindows } from "./scan-windows.ts";

/** The best place of a class in a picture. */
export interface Sighting {
  /** 0 where there is no sign of it; grows with the share of a window that looks like it, and with the window. */
  readonly evidence: number;
  /** Cells in that window. */
  readonly cells: number;
  readonly box: Box | undefined;
}

/** The longest side of the first level that is looked at, and how many smaller ones follow. */
const FIRST_SIDE = 400;
const LEVELS = 3;
const SMALLEST_SIDE = 40;

/** Looks for every class at several sizes. @param use which trees to ask; all where left out. */
export function lookFor(
  { forest, gauges, palettes, aspects }: Eye,
  picture: Picture,
  use?: readonly number[],
): Sighting[] {
  const gains = estimateLight(picture);
  // In a blackout the noise would be made into somebody.
  if (isDark(gains)) return gauges.map(() => ({ evidence: 0, cells: 1, box: undefined }));
  const { levels } = buildPyramid(relight(picture, gains));
  const first = levels.findIndex(({ width, height }) => Math.max(width, height) <= FIRST_SIDE);
  const best: Sighting[] = gauges.map(() => ({ evidence: 0, cells: 1, box: undefined }));
  for (let depth = Math.max(0, first); depth < Math.max(0, first) + LEVELS; depth++) {
    const level = levels[depth];
    if (!level || Math.min(level.width, level.height) < SMALLEST_SIDE) break;
    const planes = toPlanes(level);
    const parts = mapParts(forest, planes, use);
    const scale = STEP * 2 ** depth;
    let sums: Int32Array | undefined;
    for (const [index, gauge] of gauges.entries()) {
      sums = integrateParts(parts, index, gauge, sums);
      const windows = scanWindows(sums, { ...parts, scale }, aspects[index] ?? [1]);
      for (const window of windows) {
        const before = best[index] as Sighting;
        if (window.evidence / FULL <= before.evidence) continue;
        const box = tightenBox(parts, index, { gauge, box: window.box, scale });
        const like = likeness(mixPalette(planes, box, 2 ** depth), palettes[index] ?? []);
        const evidence = (window.evidence / FULL) * like * like;
        if (evidence > before.evidence) best[index] = { evidence, cells: window.cells, box };
      }
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

const AROUND = 1.25;
/** Share of the parts that is left out on each side of a box. */
const TAIL = 0.04;

/** The box of the parts that lie in a window or just outside it. */
function tightenBox(
  { width, height, maps }: PartMaps,
  index: number,
  { gauge, box, scale }: { readonly gauge: Gauge; readonly box: Box; readonly scale: number },
): Box {
  const map = maps[index] as Uint8Array;
  const {
    left,
    top,
    width: wide,
    height: tall,
  } = clipBox(growBox(scaleBox(box, 1 / scale), AROUND), width, height);
  const columns = new Float32Array(Math.max(1, Math.floor(wide)));
  const rows = new Float32Array(Math.max(1, Math.floor(tall)));
  const neutral = gauge.off + NEUTRAL * (gauge.on - gauge.off);
  for (let y = 0; y < rows.length; y++) {
    for (let x = 0; x < columns.length; x++) {
      const share = map[(Math.floor(top) + y) * width + Math.floor(left) + x] as number;
      const worth = Math.max(0, share - neutral);
      columns[x] = (columns[x] as number) + worth;
      rows[y] = (rows[y] as number) + worth;
    }
  }
  const [fromX, toX] = extent(columns);
  const [fromY, toY] = extent(rows);
  return scaleBox(
    { left: Math.floor(left) + fromX, top: Math.floor(top) + fromY, width: toX - fromX, height: toY - fromY },
    scale,
  );
}

/** From where to where the mass lies, but for its tails. */
function extent(mass: Float32Array): [number, number] {
  const sum = mass.reduce((total, value) => total + value, 0);
  if (sum <= 0) return [0, mass.length];
  let from = 0;
  for (let left = sum * TAIL; left >= (mass[from] as number); from++) left -= mass[from] as number;
  let to = mass.length;
  for (let left = sum * TAIL; left >= (mass[to - 1] as number) && to > from + 1; to--)
    left -= mass[to - 1] as number;
  return [from, to];
}

/** Evidence made comparable between small and large windows. @param power of the number of cells, 0 to 1 */
export function rawOf({ evidence, cells }: Pick<Sighting, "evidence" | "cells">, power: number): number {
  return evidence * cells ** -power;
}

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
