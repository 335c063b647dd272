import type { Box, Picture } from "@followspot/dataset";
import { SeededRandom } from "@followspot/domain";
import sharp from "sharp";
import type { TeachFrame } from "../teach-session.ts";

export const WIDTH = 320;
export const HEIGHT = 180;

type Colour = readonly [number, number, number];

export interface Scenery {
  readonly wall?: Colour;
  readonly floor?: Colour;
  /** Gain of the light. */
  readonly light?: number;
  readonly seed?: number;
}

export interface Newcomer {
  /** The middle of its feet, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly tall: number;
  /** How far it is turned, in radians. */
  readonly turned: number;
  /** By how many pixels it is smeared to each side: it moves. */
  readonly blur?: number;
}

export function boxOf({ x, y, tall }: Newcomer): Box {
  const wide = tall * 0.6;
  return { left: x - wide / 2, top: y - tall, width: wide, height: tall };
}

/** A stage with whoever stands on it: turning barrels in bold colours, another pattern on each side. */
export function drawStage(
  newcomers: readonly Newcomer[],
  { wall = [165, 155, 130], floor = [110, 80, 60], light = 1, seed = 1 }: Scenery = {},
): Picture {
  const random = new SeededRandom(seed);
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  for (let y = 0, at = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, at += 3) {
      let colour: Colour = y > HEIGHT * 0.75 ? floor : wall;
      if (y <= HEIGHT * 0.75 && x % 30 < 3) colour = [wall[0] - 25, wall[1] - 25, wall[2] - 25];
      for (const newcomer of newcomers) colour = skin(newcomer, x, y) ?? colour;
      for (let channel = 0; channel < 3; channel++) {
        const value = (colour[channel] as number) * light + random.between(-3, 3);
        rgb[at + channel] = Math.max(0, Math.min(255, Math.round(value)));
      }
    }
  }
  for (const newcomer of newcomers) smear(rgb, newcomer);
  return { rgb, width: WIDTH, height: HEIGHT };
}

/** As a slow shutter does: each pixel round a moving newcomer is the mean of its row's neighbours. */
function smear(rgb: Uint8Array, newcomer: Newcomer): void {
  const reach = newcomer.blur ?? 0;
  const { left, top, width, height } = boxOf(newcomer);
  if (reach === 0) return;
  const sharp = rgb.slice();
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(HEIGHT, top + height); y++) {
    for (let x = Math.max(reach, Math.floor(left)); x < Math.min(WIDTH - reach, left + width); x++) {
      for (let channel = 0; channel < 3; channel++) {
        let sum = 0;
        for (let step = -reach; step <= reach; step++) sum += sharp[(y * WIDTH + x + step) * 3 + channel] as number;
        rgb[(y * WIDTH + x) * 3 + channel] = sum / (2 * reach + 1);
      }
    }
  }
}

const COLOURS: readonly Colour[] = [
  [230, 120, 30],
  [250, 240, 220],
  [60, 40, 120],
  [40, 160, 90],
  [220, 40, 90],
];

function skin(newcomer: Newcomer, x: number, y: number): Colour | undefined {
  const { left, top, width, height } = boxOf(newcomer);
  const u = ((x - left) / width) * 2 - 1;
  const v = (y - top) / height;
  // A head on a body.
  const radius = v < 0.35 ? Math.sqrt(Math.max(0, 1 - ((v - 0.175) / 0.175) ** 2)) * 0.65 : 0.75 + 0.25 * v;
  if (v < 0 || v > 1 || Math.abs(u) > radius) return undefined;
  const along = Math.asin(u / radius) + newcomer.turned;
  const column = Math.floor((((along / (2 * Math.PI)) % 1) + 1) * 7) % 7;
  const row = Math.floor(v * 6);
  return COLOURS[(column * 3 + row * row + (column ^ row)) % COLOURS.length];
}

export async function teachFrame(picture: Picture, takenAtMs = 0): Promise<TeachFrame> {
  const { rgb, width, height } = picture;
  const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } }).jpeg({ quality: 90 }).toBuffer();
  return { jpeg, picture, takenAtMs };
}
