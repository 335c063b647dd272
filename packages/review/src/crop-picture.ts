import type { Box, Picture } from "@followspot/dataset";

/** The part of a picture that lies in a box, whole pixels; the whole picture where the two do not meet. */
export function cropPicture(picture: Picture, box: Box | undefined): Picture {
  const { left, top, width, height } = box ? insideOf(picture, box) : { left: 0, top: 0, ...picture };
  if (width < 1 || height < 1) return picture;
  const rgb = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * picture.width + left) * 3;
    rgb.set(picture.rgb.subarray(from, from + width * 3), row * width * 3);
  }
  return { rgb, width, height };
}

/** The whole pixels of a box that lie inside a picture. */
export function insideOf(
  picture: { readonly width: number; readonly height: number },
  box: Box,
): { left: number; top: number; width: number; height: number } {
  const left = Math.max(0, Math.floor(box.left));
  const top = Math.max(0, Math.floor(box.top));
  const right = Math.min(picture.width, Math.ceil(box.left + box.width));
  const bottom = Math.min(picture.height, Math.ceil(box.top + box.height));
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** The same centre, each side multiplied. */
export function growBox({ left, top, width, height }: Box, factor: number): Box {
  return {
    left: left - (width * (factor - 1)) / 2,
    top: top - (height * (factor - 1)) / 2,
    width: width * factor,
    height: height * factor,
  };
}
