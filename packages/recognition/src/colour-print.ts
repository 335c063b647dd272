import type { Picture } from "@followspot/dataset";
import type { FigureMap } from "./figure-map.ts";
import type { ShareBox } from "./pool-box.ts";

const HUES = 12;
const SATURATIONS = 4;
const VALUES = 4;
export const COLOUR_BINS = HUES * SATURATIONS * VALUES;
/** How much the colours of the surroundings are taken off: those of the place, seen through gaps, are not the thing's. */
const AROUND_SHARE = 0.5;
/** Pixels that belong to a side by less are not worth their time. */
const LEAST_WEIGHT = 0.02;

/**
 * What colours a figure is made of: a histogram over hue, saturation and value of the pixels that belong to the figure
 * in the box, less those of its surroundings; square roots, length 1.
 */
export function colourPrint({ rgb, width, height }: Picture, figure: FigureMap, box: ShareBox): Float32Array {
  const inside = new Float32Array(COLOUR_BINS);
  const outside = new Float32Array(COLOUR_BINS);
  for (let y = 0; y < height; y++) {
    const row = Math.min(figure.height - 1, Math.floor((y * figure.height) / height)) * figure.width;
    const inRows = y >= box.top * height && y < box.bottom * height;
    for (let x = 0; x < width; x++) {
      const share = figure.shares[
        row + Math.min(figure.width - 1, Math.floor((x * figure.width) / width))
      ] as number;
      const within = inRows && x >= box.left * width && x < box.right * width ? 1 : 0;
      placeOf(rgb, (y * width + x) * 3, place);
      const belongs = within * share;
      if (belongs > LEAST_WEIGHT) count(inside, place, belongs);
      if (1 - belongs > LEAST_WEIGHT) count(outside, place, 1 - belongs);
    }
  }
  normalize(inside);
  normalize(outside);
  let squares = 0;
  for (let bin = 0; bin < COLOUR_BINS; bin++) {
    const rest = Math.max(0, (inside[bin] as number) - AROUND_SHARE * (outside[bin] as number));
    inside[bin] = Math.sqrt(rest);
    squares += rest;
  }
  const factor = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  return inside.map((value) => value * factor);
}

/** Where a colour lies: hue (0 to 12, going round), the band of saturation, value (0 to 3). */
interface ColourPlace {
  hue: number;
  saturation: number;
  value: number;
}

/** Used again for every pixel. */
const place: ColourPlace = { hue: 0, saturation: 0, value: 0 };

function placeOf(rgb: Uint8Array, at: number, into: ColourPlace): void {
  const red = rgb[at] as number;
  const green = rgb[at + 1] as number;
  const blue = rgb[at + 2] as number;
  const most = Math.max(red, green, blue);
  const range = most - Math.min(red, green, blue);
  into.saturation = most === 0 ? 0 : Math.min(SATURATIONS - 1, Math.floor((range / most) * SATURATIONS));
  into.value = (most / 255) * (VALUES - 1);
  into.hue = 0;
  // Grey has no hue; what is nearly grey or nearly black has none that can be trusted.
  if (into.saturation === 0 || range <= 8) return;
  const sector =
    most === red
      ? (green - blue) / range
      : most === green
        ? 2 + (blue - red) / range
        : 4 + (red - green) / range;
  into.hue = ((sector / 6 + 1) % 1) * HUES;
}

/** Shared between the two nearest hues and values, so that a little other light changes little. */
function count(bins: Float32Array, { hue, saturation, value }: ColourPlace, weight: number): void {
  const lowValue = Math.min(VALUES - 2, Math.floor(value));
  const highShare = value - lowValue;
  const lowHue = Math.floor(hue) % HUES;
  const nextShare = hue - Math.floor(hue);
  const low = (lowHue * SATURATIONS + saturation) * VALUES + lowValue;
  bins[low] = (bins[low] as number) + weight * (1 - nextShare) * (1 - highShare);
  bins[low + 1] = (bins[low + 1] as number) + weight * (1 - nextShare) * highShare;
  if (nextShare === 0) return;
  const next = (((lowHue + 1) % HUES) * SATURATIONS + saturation) * VALUES + lowValue;
  bins[next] = (bins[next] as number) + weight * nextShare * (1 - highShare);
  bins[next + 1] = (bins[next + 1] as number) + weight * nextShare * highShare;
}

function normalize(bins: Float32Array): void {
  const sum = bins.reduce((total, value) => total + value, 0);
  if (sum > 0) for (let bin = 0; bin < bins.length; bin++) bins[bin] = (bins[bin] as number) / sum;
}
