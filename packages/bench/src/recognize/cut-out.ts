import type { Box, Picture } from "@followspot/dataset";

/** Room round a subject that is cut out, as a share of its sides. */
const MARGIN = 0.05;
const LEAST_SIDE = 16;

/** The part of a picture in a box, with a little room round it; undefined where next to nothing of it is inside. */
export function cutOut({ rgb, width, height }: Picture, box: Box): Picture | undefined {
  const [across, down] = [box.width * MARGIN, box.height * MARGIN];
  const left = Math.max(0, Math.floor(box.left - across));
  const top = Math.max(0, Math.floor(box.top - down));
  const right = Math.min(width, Math.ceil(box.left + box.width + across));
  const bottom = Math.min(height, Math.ceil(box.top + box.height + down));
  if (right - left < LEAST_SIDE || bottom - top < LEAST_SIDE) return undefined;
  const row = (right - left) * 3;
  const cut = new Uint8Array(row * (bottom - top));
  for (let y = top; y < bottom; y++) {
    const from = (y * width + left) * 3;
    cut.set(rgb.subarray(from, from + row), (y - top) * row);
  }
  return { rgb: cut, width: right - left, height: bottom - top };
}
