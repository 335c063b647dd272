import type { Box, Picture } from "@followspot/dataset";

const MIN_LEVEL_SIDE = 8;

/** The picture at half, a quarter, ... of its size, so that any crop is sampled from a level of about its own scale. */
export interface Pyramid {
  readonly levels: readonly Picture[];
}

export function buildPyramid(picture: Picture): Pyramid {
  const levels: Picture[] = [picture];
  for (let level = picture; Math.min(level.width, level.height) >= MIN_LEVEL_SIDE * 2; ) {
    level = halve(level);
    levels.push(level);
  }
  return { levels };
}

function halve({ rgb, width, height }: Picture): Picture {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const out = new Uint8Array(halfWidth * halfHeight * 3);
  const row = width * 3;
  let to = 0;
  for (let y = 0; y < halfHeight; y++) {
    let from = y * 2 * row;
    for (let x = 0; x < halfWidth; x++, from += 6, to += 3) {
      for (let channel = 0; channel < 3; channel++) {
        const at = from + channel;
        out[to + channel] =
          ((rgb[at] as number) +
            (rgb[at + 3] as number) +
            (rgb[at + row] as number) +
            (rgb[at + row + 3] as number) +
            2) >>
          2;
      }
    }
  }
  return { rgb: out, width: halfWidth, height: halfHeight };
}

/** Brings a box to any size, with bilinear interpolation. What lies outside the picture repeats its edge. */
export function sampleBox(
  { levels }: Pyramid,
  { left, top, width, height }: Box,
  to: { readonly width: number; readonly height: number; readonly mirror: boolean },
): Picture {
  const wanted = Math.max(width / to.width, height / to.height);
  let depth = 0;
  while (depth < levels.length - 1 && 2 ** (depth + 1) <= wanted * 1.2) depth++;
  const level = levels[depth] as Picture;
  const scale = 2 ** depth;
  const { rgb } = level;
  const maxX = level.width - 1;
  const maxY = level.height - 1;
  const out = new Uint8Array(to.width * to.height * 3);
  for (let line = 0, at = 0; line < to.height; line++) {
    const y = Math.min(maxY, Math.max(0, (top + (height * (line + 0.5)) / to.height) / scale - 0.5));
    const y0 = y | 0;
    const y1 = Math.min(maxY, y0 + 1);
    const shareY = y - y0;
    for (let column = 0; column < to.width; column++, at += 3) {
      const place = to.mirror ? to.width - 1 - column : column;
      const x = Math.min(maxX, Math.max(0, (left + (width * (place + 0.5)) / to.width) / scale - 0.5));
      const x0 = x | 0;
      const x1 = Math.min(maxX, x0 + 1);
      const shareX = x - x0;
      for (let channel = 0; channel < 3; channel++) {
        const above =
          (rgb[(y0 * level.width + x0) * 3 + channel] as number) * (1 - shareX) +
          (rgb[(y0 * level.width + x1) * 3 + channel] as number) * shareX;
        const below =
          (rgb[(y1 * level.width + x0) * 3 + channel] as number) * (1 - shareX) +
          (rgb[(y1 * level.width + x1) * 3 + channel] as number) * shareX;
        out[at + channel] = above * (1 - shareY) + below * shareY;
      }
    }
  }
  return { rgb: out, width: to.width, height: to.height };
}
