import type { Box } from "./metadata-line.ts";
import type { Picture } from "./picture.ts";

export interface PictureQuality {
  /** Mean luma, 0 to 255. */
  readonly brightness: number;
  /** Standard deviation of luma, 0 to 127: near 0 on an empty wall. */
  readonly contrast: number;
  /** Mean absolute Laplacian over contrast, at the size given: low where everything is soft. 0 or more. */
  readonly sharpness: number;
}

/** Measures a picture, or a part of it. Compare pictures of one size only: a smaller one is sharper. */
export function measureQuality({ rgb, width, height }: Picture, box?: Box): PictureQuality {
  const left = Math.max(0, Math.floor(box?.left ?? 0));
  const top = Math.max(0, Math.floor(box?.top ?? 0));
  const right = Math.min(width, Math.ceil(box ? box.left + box.width : width));
  const bottom = Math.min(height, Math.ceil(box ? box.top + box.height : height));
  const wide = Math.max(0, right - left);
  const tall = Math.max(0, bottom - top);
  if (wide < 3 || tall < 3) return { brightness: 0, contrast: 0, sharpness: 0 };
  const luma = new Float32Array(wide * tall);
  let sum = 0;
  let squares = 0;
  for (let y = 0; y < tall; y++) {
    for (let x = 0; x < wide; x++) {
      const at = ((top + y) * width + left + x) * 3;
      const value =
        0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number);
      luma[y * wide + x] = value;
      sum += value;
      squares += value * value;
    }
  }
  const brightness = sum / luma.length;
  const contrast = Math.sqrt(Math.max(0, squares / luma.length - brightness * brightness));
  let edges = 0;
  for (let y = 1; y < tall - 1; y++) {
    for (let x = 1; x < wide - 1; x++) {
      const at = y * wide + x;
      const around =
        (luma[at - 1] as number) +
        (luma[at + 1] as number) +
        (luma[at - wide] as number) +
        (luma[at + wide] as number);
      edges += Math.abs(4 * (luma[at] as number) - around);
    }
  }
  return {
    brightness,
    contrast,
    sharpness: edges / ((wide - 2) * (tall - 2)) / Math.max(1, contrast),
  };
}
