import type { Picture } from "@followspot/dataset";
import type { FigureMap } from "./figure-map.ts";
import type { ShareBox } from "./pool-box.ts";

/** Patterns with at most two changes round the circle have a bin each, all others share one. */
const PATTERN_BINS = 59;
const BIN_OF_PATTERN = binsOfPatterns();
/** Neighbours at these distances, in pixels. */
const DISTANCES = [1, 3] as const;
export const TEXTURE_BINS = PATTERN_BINS * DISTANCES.length;
/** A neighbour is brighter only if it is so by more grey levels than noise is. */
const NOISE = 4;

/**
 * What a figure's surface is like: local binary patterns (Ojala et al., 2002) of the pixels that belong to the figure
 * in the box; square roots, length 1.
 */
export function texturePrint(
  { rgb, width, height }: Picture,
  figure: FigureMap,
  box: ShareBox,
): Float32Array {
  const grey = new Float32Array(width * height);
  for (let at = 0; at < grey.length; at++) {
    grey[at] =
      0.299 * (rgb[at * 3] as number) +
      0.587 * (rgb[at * 3 + 1] as number) +
      0.114 * (rgb[at * 3 + 2] as number);
  }
  const bins = new Float32Array(TEXTURE_BINS);
  for (const [index, distance] of DISTANCES.entries()) {
    const [up, down] = [-distance * width, distance * width];
    const top = Math.max(distance, Math.ceil(box.top * height));
    const bottom = Math.min(height - distance, box.bottom * height);
    const left = Math.max(distance, Math.ceil(box.left * width));
    const right = Math.min(width - distance, box.right * width);
    for (let y = top; y < bottom; y++) {
      const row = Math.min(figure.height - 1, Math.floor((y * figure.height) / height)) * figure.width;
      for (let x = left; x < right; x++) {
        const cell = row + Math.min(figure.width - 1, Math.floor((x * figure.width) / width));
        const at = y * width + x;
        const here = (grey[at] as number) + NOISE;
        // Round the circle, so that neighbours in the code are neighbours in the picture.
        const code =
          Number((grey[at + up - distance] as number) > here) |
          (Number((grey[at + up] as number) > here) << 1) |
          (Number((grey[at + up + distance] as number) > here) << 2) |
          (Number((grey[at + distance] as number) > here) << 3) |
          (Number((grey[at + down + distance] as number) > here) << 4) |
          (Number((grey[at + down] as number) > here) << 5) |
          (Number((grey[at + down - distance] as number) > here) << 6) |
          (Number((grey[at - distance] as number) > here) << 7);
        const bin = index * PATTERN_BINS + (BIN_OF_PATTERN[code] as number);
        bins[bin] = (bins[bin] as number) + (figure.shares[cell] as number);
      }
    }
  }
  const total = bins.reduce((sum, value) => sum + value, 0);
  return total > 0 ? bins.map((value) => Math.sqrt(value / total)) : bins;
}

function binsOfPatterns(): Uint8Array {
  let next = 0;
  return Uint8Array.from({ length: 256 }, (_, code) => {
    const turned = ((code << 1) | (code >> 7)) & 255;
    let changes = 0;
    for (let bits = code ^ turned; bits > 0; bits >>= 1) changes += bits & 1;
    return changes <= 2 ? next++ : PATTERN_BINS - 1;
  });
}
