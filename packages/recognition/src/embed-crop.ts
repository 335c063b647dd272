import type { Box, Picture } from "@followspot/dataset";

const BINS = 4;

/**
 * What is in a box (or, without one, in the whole picture) as a vector of length 1; the dot product of two tells how
 * alike they look, 1 for the same. Vectors of different versions of Followspot do not compare.
 */
export function embedCrop({ rgb, width, height }: Picture, box?: Box): Float32Array {
  const left = Math.max(0, Math.floor(box?.left ?? 0));
  const top = Math.max(0, Math.floor(box?.top ?? 0));
  const right = Math.min(width, Math.ceil(box ? box.left + box.width : width));
  const bottom = Math.min(height, Math.ceil(box ? box.top + box.height : height));
  const bins = new Float32Array(BINS ** 3);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const at = (y * width + x) * 3;
      const bin =
        ((rgb[at] as number) >> 6) * BINS * BINS +
        ((rgb[at + 1] as number) >> 6) * BINS +
        ((rgb[at + 2] as number) >> 6);
      bins[bin] = (bins[bin] as number) + 1;
    }
  }
  const roots = bins.map(Math.sqrt);
  const length = Math.hypot(...roots) || 1;
  return roots.map((value) => value / length);
}
