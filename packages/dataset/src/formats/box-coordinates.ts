import { UserError } from "@followspot/domain";
import type { Box } from "../metadata-line.ts";
import { smartResize } from "./smart-resize.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Left, top, right, bottom; right and bottom are where the box ends, not its last pixel. */
export type Corners = readonly [number, number, number, number];

/**
 * How boxes are written:
 * - pixels: of the upright picture
 * - thousandths: 0 to 1000 of its width and height, as Qwen2-VL and Qwen3-VL have them
 * - resized: pixels of the picture as Qwen2.5-VL sees it, sides rounded to multiples of 28
 * - fraction: 0 to 1 of width and height
 */
export type BoxUnit =
  | { readonly kind: "pixels" | "thousandths" | "fraction" }
  | { readonly kind: "resized"; readonly maxPixels: number };

/** What Qwen's own examples set: 1280 tokens of 28 x 28 pixels. */
export const DEFAULT_MAX_PIXELS = 1280 * 28 * 28;
const MIN_PIXELS = 4 * 28 * 28;
const FACTOR = 28;

export function cornersOf({ left, top, width, height }: Box): Corners {
  return [left, top, left + width, top + height];
}

export function boxOf([left, top, right, bottom]: Corners): Box {
  return { left, top, width: right - left, height: bottom - top };
}

/** From pixels of the upright picture. What has no pixels of its own is whole numbers, inside the picture. */
export function toUnit(corners: Corners, size: Size, unit: BoxUnit): Corners {
  if (unit.kind === "pixels") return corners;
  const to = scaleOf(size, unit);
  const [left, top, right, bottom] = corners;
  if (unit.kind === "fraction") {
    return [left / size.width, top / size.height, right / size.width, bottom / size.height];
  }
  const [x1, x2] = wholeSpan(left, right, to.width / size.width, to.width);
  const [y1, y2] = wholeSpan(top, bottom, to.height / size.height, to.height);
  return [x1, y1, x2, y2];
}

/** To pixels of the upright picture. */
export function fromUnit(corners: Corners, size: Size, unit: BoxUnit): Corners {
  if (unit.kind === "pixels") return corners;
  const from = scaleOf(size, unit);
  const across = size.width / from.width;
  const down = size.height / from.height;
  return [corners[0] * across, corners[1] * down, corners[2] * across, corners[3] * down];
}

/**
 * The size in which Qwen2-VL and Qwen2.5-VL look at a picture, by their checkpoints' own limits.
 * @throws UserError for pictures 200 times as long as wide.
 */
export function qwenSize(size: Size, maxPixels: number = DEFAULT_MAX_PIXELS): Size {
  try {
    return smartResize(size, { pxPerToken: FACTOR, minPixels: MIN_PIXELS, maxPixels });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new UserError(`${cause.message}: Qwen2.5-VL would refuse it`, { cause });
  }
}

/**
 * A box as it was in the stored picture, before the viewer turned it as EXIF `orientation` says, in pixels of the
 * upright one. Some tools annotate the pixels as they lie in the file.
 */
export function turnUpright(corners: Corners, stored: Size, orientation: number): Corners {
  const [x1, y1, x2, y2] = corners;
  const { width, height } = stored;
  switch (orientation) {
    case 2:
      return [width - x2, y1, width - x1, y2];
    case 3:
      return [width - x2, height - y2, width - x1, height - y1];
    case 4:
      return [x1, height - y2, x2, height - y1];
    case 5:
      return [y1, x1, y2, x2];
    case 6:
      return [height - y2, x1, height - y1, x2];
    case 7:
      return [height - y2, width - x2, height - y1, width - x1];
    case 8:
      return [y1, width - x2, y2, width - x1];
    default:
      return corners;
  }
}

function scaleOf(size: Size, unit: BoxUnit): Size {
  if (unit.kind === "resized") return qwenSize(size, unit.maxPixels);
  if (unit.kind === "thousandths") return { width: 1000, height: 1000 };
  return unit.kind === "fraction" ? { width: 1, height: 1 } : size;
}

/**
 * Both ends of a span, times `scale`, as whole numbers within 0 and `end`, the second behind the first: each at most a
 * half off. What is too thin to have two becomes the one unit that its middle lies in: each end less than one off.
 */
export function wholeSpan(from: number, to: number, scale: number, end: number): [number, number] {
  const within = (value: number, most: number): number => Math.min(Math.max(0, value), most);
  const first = within(Math.round(from * scale), end);
  const last = within(Math.round(to * scale), end);
  if (first < last) return [first, last];
  const middle = within(Math.floor(((from + to) / 2) * scale), end - 1);
  return [middle, middle + 1];
}
