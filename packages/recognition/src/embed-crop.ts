import type { Box, Picture } from "@followspot/dataset";
import { clipBox } from "./boxes.ts";
import { describeLook } from "./describe-look.ts";
import { estimateLight, relight } from "./light.ts";

/**
 * What is in a box (or, without one, in the whole picture) as a vector of length 1; the dot product of two tells how
 * alike they look, 1 for the same. Vectors of different backbones do not compare.
 */
export function embedCrop(picture: Picture, box?: Box): Float32Array {
  const { width, height } = picture;
  const lit = relight(picture, estimateLight(picture));
  return describeLook(lit, clipBox(box ?? { left: 0, top: 0, width, height }, width, height), {
    both: false,
  });
}
