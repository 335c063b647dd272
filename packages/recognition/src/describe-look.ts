import { type FeatureMaps, ownNetwork } from "@followspot/backbone";
import type { Box, Picture } from "@followspot/dataset";
import { colourPrint } from "./colour-print.ts";
import { type FigureMap, figureOf } from "./figure-map.ts";
import { ownMatrix } from "./own-matrix.ts";
import { poolBox, type ShareBox } from "./pool-box.ts";
import { resample } from "./resample.ts";
import { texturePrint } from "./texture-print.ts";
import { add, joinLook, unit } from "./vectors.ts";

/** A crop is this many pixels wide and high. */
const CROP_SIDE = 96;
/** Which share of a crop the longer side of its subject fills. */
const FILL = 0.78;

export interface LookOptions {
  /** Also mirrored: steadier, for twice the time. */
  readonly both?: boolean;
}

/**
 * How what is in a box looks: the network's embedding, then its colours and its texture; length 1.
 * @param lit a picture whose light has been taken out.
 */
export function describeLook(lit: Picture, box: Box, { both = false }: LookOptions = {}): Float32Array {
  const { crop, within } = cutCrop(lit, box);
  const { maps, figure } = see(crop);
  const embedding = embed(poolBox(maps, figure, within));
  if (both) {
    const mirrored = see(mirror(crop));
    add(embedding, embed(poolBox(mirrored.maps, mirrored.figure, within)), 1);
  }
  return joinLook(unit(embedding), colourPrint(crop, figure, within), texturePrint(crop, figure, within));
}

/** What is in a box beside what a network of the user's says of it: colours and texture, each of length 1. */
export function describeSurface(lit: Picture, box: Box): { colours: Float32Array; texture: Float32Array } {
  const { crop, within } = cutCrop(lit, box);
  const { figure } = see(crop);
  return { colours: colourPrint(crop, figure, within), texture: texturePrint(crop, figure, within) };
}

/** A square about the box, and where in it the box lies. */
function cutCrop(lit: Picture, box: Box): { readonly crop: Picture; readonly within: ShareBox } {
  const side = Math.max(box.width, box.height, 4) / FILL;
  const part = {
    left: box.left + box.width / 2 - side / 2,
    top: box.top + box.height / 2 - side / 2,
    width: side,
    height: side,
  };
  const wide = box.width / side / 2;
  const tall = box.height / side / 2;
  return {
    crop: resample(lit, part, { width: CROP_SIDE, height: CROP_SIDE }),
    within: { left: 0.5 - wide, top: 0.5 - tall, right: 0.5 + wide, bottom: 0.5 + tall },
  };
}

function see(crop: Picture): { readonly maps: FeatureMaps; readonly figure: FigureMap } {
  const maps = ownNetwork("embedding").run(crop);
  return { maps, figure: figureOf(maps, ownMatrix("embedding", "figureDeep")) };
}

/** From means of the maps to the space in which what looks alike lies close. */
function embed(pooled: Float32Array): Float32Array {
  const { rows, cols, data } = ownMatrix("embedding", "embed");
  const bias = ownMatrix("embedding", "embedBias").data;
  const out = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = bias[row] as number;
    const at = row * cols;
    for (let col = 0; col < cols; col++) sum += (data[at + col] as number) * (pooled[col] as number);
    out[row] = sum;
  }
  return unit(out);
}

function mirror({ rgb, width, height }: Picture): Picture {
  const out = new Uint8Array(rgb.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = (y * width + width - 1 - x) * 3;
      out.set(rgb.subarray(from, from + 3), (y * width + x) * 3);
    }
  }
  return { rgb: out, width, height };
}
