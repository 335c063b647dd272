import type { Box } from "@followspot/dataset";
import { type Planes, REACH } from "./planes.ts";

/**
 * What the colours of a box are made of: square roots of shares, of length 255. A blue curtain has the blue of the
 * bluebird everywhere; it has no orange breast.
 */
export type Palette = Uint8Array;

/** Steps of red against green and of blue against green; and of brightness within the box. */
const STEPS = 12;
const LIGHTS = 3;
const STEP_SIZE = 14;
const LIGHT_SIZE = 30;
export const PALETTE_NUMBERS = STEPS * STEPS * LIGHTS;
/** Of the ellipse in the box: its corners are not the subject. */
const CORE = 0.2;
/** Larger boxes are read at every second, third, ... pixel. */
const MOST_A_SIDE = 40;

/** @param scale pixels of the box's picture a pixel of the planes. */
export function mixPalette(planes: Planes, box: Box, scale: number): Palette {
  const { values, stride, size } = planes;
  const left = Math.max(0, Math.min(planes.width - 1, Math.floor(box.left / scale)));
  const top = Math.max(0, Math.min(planes.height - 1, Math.floor(box.top / scale)));
  const right = Math.max(left + 1, Math.min(planes.width, Math.ceil((box.left + box.width) / scale)));
  const bottom = Math.max(top + 1, Math.min(planes.height, Math.ceil((box.top + box.height) / scale)));
  const skip = Math.max(1, Math.floor(Math.max(right - left, bottom - top) / MOST_A_SIDE));
  const brightness = meanBrightness(planes, { left, top, right, bottom, skip });
  sums.fill(0);
  for (let y = top; y < bottom; y += skip) {
    const dy = (y + 0.5 - top) / (bottom - top) - 0.5;
    for (let x = left; x < right; x += skip) {
      const dx = (x + 0.5 - left) / (right - left) - 0.5;
      if (dx * dx + dy * dy > CORE) continue;
      const at = (y + REACH) * stride + x + REACH;
      const red = clamp(((values[at + size] as number) - 128) / STEP_SIZE + (STEPS - 1) / 2, STEPS);
      const blue = clamp(((values[at + 2 * size] as number) - 128) / STEP_SIZE + (STEPS - 1) / 2, STEPS);
      const light = clamp(((values[at] as number) - brightness) / LIGHT_SIZE + (LIGHTS - 1) / 2, LIGHTS);
      spread(red, blue, light);
    }
  }
  let sum = 0;
  for (const value of sums) sum += value;
  return Uint8Array.from(sums, (value) => Math.round(255 * Math.sqrt(value / Math.max(sum, 1e-6))));
}

/** How alike two palettes are, 0 to 1. */
export function alike(a: Palette, b: Palette): number {
  let sum = 0;
  for (let at = 0; at < PALETTE_NUMBERS; at++) sum += (a[at] as number) * (b[at] as number);
  return Math.min(1, sum / (255 * 255));
}

const NEAREST = 3;

/** How much a palette is like the nearest few of those known, 0 to 1. */
export function likeness(palette: Palette, known: readonly Palette[]): number {
  if (known.length === 0) return 0.5;
  const nearest = known
    .map((one) => alike(palette, one))
    .sort((a, b) => b - a)
    .slice(0, NEAREST);
  return nearest.reduce((sum, value) => sum + value, 0) / nearest.length;
}

const sums = new Float32Array(PALETTE_NUMBERS);

/** Shares a pixel between the bins around it, so that a little more light moves a little. */
function spread(red: number, blue: number, light: number): void {
  const [r, b, l] = [
    Math.min(STEPS - 2, red | 0),
    Math.min(STEPS - 2, blue | 0),
    Math.min(LIGHTS - 2, light | 0),
  ];
  const [shareR, shareB, shareL] = [red - r, blue - b, light - l];
  for (let corner = 0; corner < 8; corner++) {
    const [i, j, k] = [corner & 1, (corner >> 1) & 1, corner >> 2];
    const share = (i ? shareR : 1 - shareR) * (j ? shareB : 1 - shareB) * (k ? shareL : 1 - shareL);
    const bin = ((r + i) * STEPS + b + j) * LIGHTS + l + k;
    sums[bin] = (sums[bin] as number) + share;
  }
}

function clamp(value: number, steps: number): number {
  return Math.max(0, Math.min(steps - 1, value));
}

function meanBrightness(
  { values, stride }: Planes,
  area: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly skip: number;
  },
): number {
  let sum = 0;
  let count = 0;
  for (let y = area.top; y < area.bottom; y += area.skip) {
    for (let x = area.left; x < area.right; x += area.skip, count++) {
      sum += values[(y + REACH) * stride + x + REACH] as number;
    }
  }
  return sum / Math.max(1, count);
}
