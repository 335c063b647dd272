import type { PixelBox } from "@followspot/triton";
import type { FamilyProfile } from "../family.ts";
import type { FittedPicture } from "./fit-picture.ts";

/** Left, top, right, bottom. */
export type Corners = readonly [number, number, number, number];

/**
 * A box as a model of this family wrote it, in pixels of the original picture and within it. Undefined for what is no
 * rectangle, or lies outside.
 */
export function boxFromModel(
  corners: Corners,
  profile: FamilyProfile,
  { size, original }: Pick<FittedPicture, "size" | "original">,
): PixelBox | undefined {
  const of = profile.boxes === "thousandths" ? { width: 1000, height: 1000 } : size;
  return boxWithin(corners, of, original);
}

/** A box in pixels of the picture that was sent, in those of the original one. */
export function boxOfOriginal(
  { left, top, right, bottom }: PixelBox,
  { size, original }: Pick<FittedPicture, "size" | "original">,
): PixelBox | undefined {
  // Not even looked into: there is nothing to convert.
  if (size === original) return { left, top, right, bottom };
  return boxWithin([left, top, right, bottom], size, original);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function boxWithin([x1, y1, x2, y2]: Corners, from: Size, to: Size): PixelBox | undefined {
  if (![x1, y1, x2, y2].every(Number.isFinite)) return undefined;
  const across = (x: number) => Math.min(to.width, Math.max(0, (x * to.width) / from.width));
  const down = (y: number) => Math.min(to.height, Math.max(0, (y * to.height) / from.height));
  const box = { left: across(x1), top: down(y1), right: across(x2), bottom: down(y2) };
  return box.left < box.right && box.top < box.bottom ? box : undefined;
}
