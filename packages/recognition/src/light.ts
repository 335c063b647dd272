import type { Picture } from "@followspot/dataset";

/** What the three channels are multiplied by, so that the picture looks as if lit by plain white light. */
export type Gains = readonly [red: number, green: number, blue: number];

/** How far the colour of the light is taken out: all of it would turn a picture full of red puppets grey. */
const COLOUR_SHARE = 0.6;
/** Where the bright parts of every picture are brought to. */
const TARGET_LEVEL = 150;
const MAX_GAIN = 6;
/** Power of the mean: between grey-world (1) and brightest point (infinity). */
const POWER = 4;
const SAMPLES_A_SIDE = 96;
/** Below this a pixel says nothing about the colour of the light, above it the camera has clipped it. */
const DARK = 6;
const CLIPPED = 250;

/** Estimates the light from the whole picture ("shades of grey"): robust against gels and dimming. */
export function estimateLight({ rgb, width, height }: Picture): Gains {
  const stepX = Math.max(1, Math.floor(width / SAMPLES_A_SIDE));
  const stepY = Math.max(1, Math.floor(height / SAMPLES_A_SIDE));
  const sums = [0, 0, 0];
  let count = 0;
  let dark = 0;
  for (let y = stepY >> 1; y < height; y += stepY) {
    for (let x = stepX >> 1; x < width; x += stepX) {
      const at = (y * width + x) * 3;
      const red = rgb[at] as number;
      const green = rgb[at + 1] as number;
      const blue = rgb[at + 2] as number;
      const brightest = Math.max(red, green, blue);
      if (brightest < DARK) dark++;
      if (brightest < DARK || Math.min(red, green, blue) > CLIPPED) continue;
      sums[0] = (sums[0] as number) + red ** POWER;
      sums[1] = (sums[1] as number) + green ** POWER;
      sums[2] = (sums[2] as number) + blue ** POWER;
      count++;
    }
  }
  if (count === 0) return dark > 0 ? [MAX_GAIN, MAX_GAIN, MAX_GAIN] : [1, 1, 1];
  const levels = sums.map((sum) => Math.max(4, (sum / count) ** (1 / POWER)));
  const overall = Math.cbrt((levels[0] as number) * (levels[1] as number) * (levels[2] as number));
  const gains = levels.map((level) => {
    const gain = (overall / level) ** COLOUR_SHARE * (TARGET_LEVEL / overall);
    return Math.min(MAX_GAIN, Math.max(1 / MAX_GAIN, gain));
  });
  return gains as unknown as Gains;
}

/** Whether it is so dark that all three channels would need more than can be given: nobody can be seen. */
export function isDark(gains: Gains): boolean {
  return gains.every((gain) => gain >= MAX_GAIN);
}

/** A copy of the picture under other light. Values above 255 are clipped, as a camera does. */
export function relight({ rgb, width, height }: Picture, gains: Gains): Picture {
  const tables = gains.map((gain) => {
    const table = new Uint8Array(256);
    for (let value = 0; value < 256; value++) table[value] = Math.min(255, Math.round(value * gain));
    return table;
  });
  const [red, green, blue] = tables as [Uint8Array, Uint8Array, Uint8Array];
  const out = new Uint8Array(rgb.length);
  for (let at = 0; at < out.length; at += 3) {
    out[at] = red[rgb[at] as number] as number;
    out[at + 1] = green[rgb[at + 1] as number] as number;
    out[at + 2] = blue[rgb[at + 2] as number] as number;
  }
  return { rgb: out, width, height };
}
