import type { Picture } from "@followspot/dataset";
import { type ColourMap, mapColours } from "./colour-map.ts";
import { estimateLight, relight } from "./light.ts";
import { buildPyramid, type Pyramid } from "./pyramid.ts";

/** A picture made ready to be learnt from: its light taken out, at several sizes, and as a map of colours. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly pyramid: Pyramid;
  readonly colours: ColourMap;
}

export function openView(picture: Picture): View {
  const pyramid = buildPyramid(relight(picture, estimateLight(picture)));
  return { width: picture.width, height: picture.height, pyramid, colours: mapColours(pyramid) };
}
