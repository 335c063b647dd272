import type { Box, Picture } from "@followspot/dataset";

export interface ResampleOptions {
  /** Size of what comes out, in pixels. */
  readonly width: number;
  readonly height: number;
}

/** For each pixel that comes out: where to read, and with which weight, `taps` places each. */
interface Axis {
  readonly taps: number;
  readonly places: Int32Array;
  readonly weights: Float32Array;
}

/**
 * A part of a picture at another size: averaged where it gets smaller, interpolated where it gets larger. What lies
 * outside the picture looks like its edge.
 */
export function resample(picture: Picture, part: Box, { width, height }: ResampleOptions): Picture {
  const across = planAxis({ from: part.left, length: part.width, cells: width, bound: picture.width });
  const down = planAxis({ from: part.top, length: part.height, cells: height, bound: picture.height });
  const { low, high } = span(down.places);
  const rows = new Float32Array((high - low + 1) * width * 3);
  for (let y = low; y <= high; y++) {
    const line = y * picture.width;
    for (let x = 0; x < width; x++) {
      const source = x * across.taps;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < across.taps; tap++) {
        const weight = across.weights[source + tap] as number;
        const at = (line + (across.places[source + tap] as number)) * 3;
        red += weight * (picture.rgb[at] as number);
        green += weight * (picture.rgb[at + 1] as number);
        blue += weight * (picture.rgb[at + 2] as number);
      }
      const to = ((y - low) * width + x) * 3;
      rows[to] = red;
      rows[to + 1] = green;
      rows[to + 2] = blue;
    }
  }
  const rgb = new Uint8Array(width * height * 3);
  const stride = width * 3;
  const sum = new Float32Array(stride);
  for (let y = 0; y < height; y++) {
    sum.fill(0.5);
    for (let tap = 0; tap < down.taps; tap++) {
      const weight = down.weights[y * down.taps + tap] as number;
      const row = ((down.places[y * down.taps + tap] as number) - low) * stride;
      for (let x = 0; x < stride; x++) sum[x] = (sum[x] as number) + weight * (rows[row + x] as number);
    }
    rgb.set(sum, y * stride);
  }
  return { rgb, width, height };
}

interface AxisPlan {
  readonly from: number;
  readonly length: number;
  readonly cells: number;
  /** Pixels that there are. */
  readonly bound: number;
}

function planAxis({ from, length, cells, bound }: AxisPlan): Axis {
  const step = length / cells;
  // A cell reaches at least to its neighbours' middles, so that enlarging is smooth.
  const reach = Math.max(1, step);
  const taps = Math.ceil(reach) + 1;
  const places = new Int32Array(cells * taps);
  const weights = new Float32Array(cells * taps);
  for (let cell = 0; cell < cells; cell++) {
    const middle = from + (cell + 0.5) * step;
    const start = Math.floor(middle - reach / 2);
    let total = 0;
    for (let tap = 0; tap < taps; tap++) {
      const pixel = start + tap;
      const weight = Math.max(
        0,
        Math.min(middle + reach / 2, pixel + 1) - Math.max(middle - reach / 2, pixel),
      );
      places[cell * taps + tap] = Math.min(bound - 1, Math.max(0, pixel));
      weights[cell * taps + tap] = weight;
      total += weight;
    }
    for (let tap = 0; tap < taps; tap++) weights[cell * taps + tap]! /= total;
  }
  return { taps, places, weights };
}

function span(places: Int32Array): { low: number; high: number } {
  let low = Number.MAX_SAFE_INTEGER;
  let high = 0;
  for (const place of places) {
    if (place < low) low = place;
    if (place > high) high = place;
  }
  return { low, high };
}
