import type { Box } from "@followspot/dataset";

export function overlapArea(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Intersection over union, 0 to 1. */
export function overlap(a: Box, b: Box): number {
  const shared = overlapArea(a, b);
  return shared / (a.width * a.height + b.width * b.height - shared);
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

/** Cuts off what lies outside a picture of this size. */
export function clipBox({ left, top, width, height }: Box, pictureWidth: number, pictureHeight: number): Box {
  const right = Math.min(pictureWidth, left + width);
  const bottom = Math.min(pictureHeight, top + height);
  const x = Math.max(0, left);
  const y = Math.max(0, top);
  return { left: x, top: y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}
