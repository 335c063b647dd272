import type { Picture } from "@followspot/dataset";

/**
 * A picture as planes of logarithms: brightness, red against green, blue against green. Light of another colour or
 * strength only adds a constant to each plane, so differences between two places do not change with it.
 * A margin of REACH pixels repeats the edge, so that no question has to ask where the picture ends.
 */
export interface Planes {
  /** Three planes, then one of zeros: a question about one place compares it with zero. */
  readonly values: Uint8Array;
  /** Of the picture, without the margin. */
  readonly width: number;
  readonly height: number;
  /** Bytes from a pixel to the one below. */
  readonly stride: number;
  /** Bytes from a plane to the next. */
  readonly size: number;
}

export const PLANES = 3;
/** How far from its place a question may look, in pixels, in steps of GRID_STEP. */
export const REACH = 10;
export const GRID_STEP = 2;
/** Places a side that a question may look at. */
export const GRID = REACH + 1;
export const PLACES = GRID * GRID;
/** The place after the last of the last plane: zero. */
export const ZERO_PLACE = PLANES * PLACES;

/** Keeps the logarithm of dark pixels, which is mostly noise, near that of black. */
const DARK = 14;
const BRIGHTNESS_SCALE = 60;
const COLOUR_SCALE = 50;

const LOGARITHM = Float32Array.from({ length: 256 }, (_, value) => Math.log((value + DARK) / DARK));

export function toPlanes({ rgb, width, height }: Picture): Planes {
  const stride = width + 2 * REACH;
  const size = stride * (height + 2 * REACH);
  const values = new Uint8Array(size * (PLANES + 1));
  for (let y = 0, at = 0; y < height; y++) {
    let to = (y + REACH) * stride + REACH;
    for (let x = 0; x < width; x++, at += 3, to++) {
      const r = LOGARITHM[rgb[at] as number] as number;
      const g = LOGARITHM[rgb[at + 1] as number] as number;
      const b = LOGARITHM[rgb[at + 2] as number] as number;
      values[to] = (r * 0.3 + g * 0.59 + b * 0.11) * BRIGHTNESS_SCALE + 20;
      values[to + size] = Math.max(1, Math.min(255, (r - g) * COLOUR_SCALE + 128));
      values[to + size * 2] = Math.max(1, Math.min(255, (b - g) * COLOUR_SCALE + 128));
    }
  }
  for (let plane = 0; plane < PLANES; plane++) {
    smooth(values.subarray(plane * size, (plane + 1) * size), { width, height, stride });
    fillMargin(values.subarray(plane * size, (plane + 1) * size), { width, height, stride });
  }
  return { values, width, height, stride, size };
}

/** [1 2 1] / 4 along both sides: felt, weave and the noise of a camera would drown the differences. */
function smooth(
  plane: Uint8Array,
  { width, height, stride }: { readonly width: number; readonly height: number; readonly stride: number },
): void {
  const first = REACH * stride + REACH;
  for (let y = 0; y < height; y++) {
    const row = first + y * stride;
    let before = plane[row] as number;
    for (let x = 0; x < width; x++) {
      const here = plane[row + x] as number;
      const after = x + 1 < width ? (plane[row + x + 1] as number) : here;
      plane[row + x] = (before + 2 * here + after + 2) >> 2;
      before = here;
    }
  }
  const line = new Uint8Array(width);
  line.set(plane.subarray(first, first + width));
  for (let y = 0; y < height; y++) {
    const row = first + y * stride;
    const below = y + 1 < height ? row + stride : row;
    for (let x = 0; x < width; x++) {
      const here = plane[row + x] as number;
      plane[row + x] = ((line[x] as number) + 2 * here + (plane[below + x] as number) + 2) >> 2;
      line[x] = here;
    }
  }
}

function fillMargin(
  plane: Uint8Array,
  { width, height, stride }: { readonly width: number; readonly height: number; readonly stride: number },
): void {
  for (let y = REACH; y < height + REACH; y++) {
    const row = y * stride;
    plane.fill(plane[row + REACH] as number, row, row + REACH);
    plane.fill(plane[row + REACH + width - 1] as number, row + REACH + width, row + stride);
  }
  for (let y = 0; y < REACH; y++) {
    plane.copyWithin(y * stride, REACH * stride, (REACH + 1) * stride);
    plane.copyWithin((height + REACH + y) * stride, (height + REACH - 1) * stride, (height + REACH) * stride);
  }
}

/** Where a place lies, from a pixel on: in bytes of `values`. */
export function placeOffset(place: number, { stride, size }: Pick<Planes, "stride" | "size">): number {
  if (place === ZERO_PLACE) return size * PLANES;
  const plane = Math.floor(place / PLACES);
  const inPlane = place % PLACES;
  const dx = (inPlane % GRID) * GRID_STEP - REACH;
  const dy = Math.floor(inPlane / GRID) * GRID_STEP - REACH;
  return plane * size + dy * stride + dx;
}

/** The values at all places around a pixel: ZERO_PLACE numbers. */
export function copyPlaces(planes: Planes, x: number, y: number, into: Uint8Array, to: number): void {
  const centre = (y + REACH) * planes.stride + x + REACH;
  for (let plane = 0, at = to; plane < PLANES; plane++) {
    for (let dy = -REACH; dy <= REACH; dy += GRID_STEP) {
      let from = centre + plane * planes.size + dy * planes.stride - REACH;
      for (let column = 0; column < GRID; column++, at++, from += GRID_STEP)
        into[at] = planes.values[from] as number;
    }
  }
}
