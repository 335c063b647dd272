import type { Picture } from "@followspot/dataset";
import type { Pyramid } from "./pyramid.ts";

/** Colours are told apart with 4 bits a channel here. */
export const MAP_COLOURS = 4_096;

/** The colours of a small copy of the picture. */
export interface ColourMap {
  readonly colours: Uint16Array;
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture a pixel of the map. */
  readonly scale: number;
}

const MAP_SIDE = 200;

export function mapColours({ levels }: Pyramid): ColourMap {
  let depth = 0;
  while (
    depth < levels.length - 1 &&
    Math.max((levels[depth] as Picture).width, (levels[depth] as Picture).height) > MAP_SIDE
  )
    depth++;
  const { rgb, width, height } = levels[depth] as Picture;
  const colours = new Uint16Array(width * height);
  for (let pixel = 0, at = 0; pixel < colours.length; pixel++, at += 3) {
    colours[pixel] = mapColour(rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number);
  }
  return { colours, width, height, scale: 2 ** depth };
}

export function mapColour(red: number, green: number, blue: number): number {
  return ((red >> 4) << 8) | ((green >> 4) << 4) | (blue >> 4);
}

/** For each colour how much it speaks for something, at most EVIDENCE_LIMIT, in fiftieths. */
export type EvidenceTable = Int8Array;
export const EVIDENCE_LIMIT = 120;

/**
 * log(share among `of` / share among `against`), smoothed in colour space so that a colour never seen speaks like
 * its neighbours.
 */
export function buildEvidence(of: Float32Array, against: Float32Array): EvidenceTable {
  const table = new Int8Array(MAP_COLOURS);
  const mine = shares(of);
  const others = shares(against);
  for (let colour = 0; colour < MAP_COLOURS; colour++) {
    const ratio = Math.log((mine[colour] as number) + PRIOR) - Math.log((others[colour] as number) + PRIOR);
    table[colour] = Math.max(-EVIDENCE_LIMIT, Math.min(EVIDENCE_LIMIT, Math.round(ratio * 50)));
  }
  return table;
}

const PRIOR = 2e-4;

function shares(counts: Float32Array): Float32Array {
  let sum = 1e-9;
  for (const count of counts) sum += count;
  const out = new Float32Array(counts.length);
  for (let at = 0; at < out.length; at++) out[at] = (counts[at] as number) / sum;
  for (let pass = 0; pass < 1; pass++) for (const step of [1, 16, 256]) blur(out, step);
  return out;
}

/** [1 2 1] / 4 along one channel; the ends repeat. */
function blur(values: Float32Array, step: number): void {
  const source = values.slice();
  for (let colour = 0; colour < values.length; colour++) {
    const level = Math.floor(colour / step) & 15;
    const before = level > 0 ? colour - step : colour;
    const after = level < 15 ? colour + step : colour;
    values[colour] =
      ((source[before] as number) + 2 * (source[colour] as number) + (source[after] as number)) / 4;
  }
}
