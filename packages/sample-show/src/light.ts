import type { Picture } from "./surface.ts";

export type Colour = readonly [red: number, green: number, blue: number];

/** A lamp with a soft edge. Place and radii are in fractions of the picture's width (x) and height (y). */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly radiusX: number;
  readonly radiusY: number;
  readonly colour: Colour;
}

/** Light on a scene, in linear gain: 1 shows the colours as they were drawn. */
export interface Light {
  readonly ambient: Colour;
  readonly spots: readonly Spot[];
  /** How much darker the corners are, 0 to 1. */
  readonly vignette?: number;
}

const CELL = 8;
const GAMMA = 1 / 2.2;

/**
 * Multiplies the picture by the light, as light does: gains add up linearly, then work on the gamma-coded pixels.
 * Bright places roll off instead of clipping. Only changes the picture.
 */
export function illuminate(picture: Picture, light: Light): void {
  const columns = Math.ceil(picture.width / CELL) + 1;
  const rows = Math.ceil(picture.height / CELL) + 1;
  const gains = gainGrid(light, { columns, rows, picture });
  const { pixels, width, height } = picture;
  for (let y = 0, to = 0; y < height; y++) {
    const row = Math.floor(y / CELL);
    const lower = (y % CELL) / CELL;
    for (let column = 0, x = 0; x < width; column++) {
      const upperLeft = (row * columns + column) * 3;
      const lowerLeft = upperLeft + columns * 3;
      const mix = (channel: number): number => {
        const upper = gains[upperLeft + channel] as number;
        return upper + ((gains[lowerLeft + channel] as number) - upper) * lower;
      };
      let [red, green, blue] = [mix(0), mix(1), mix(2)];
      const redStep = (mix(3) - red) / CELL;
      const greenStep = (mix(4) - green) / CELL;
      const blueStep = (mix(5) - blue) / CELL;
      const end = Math.min(width, x + CELL);
      for (; x < end; x++, to += 4) {
        pixels[to] = rollOff((pixels[to] as number) * red);
        pixels[to + 1] = rollOff((pixels[to + 1] as number) * green);
        pixels[to + 2] = rollOff((pixels[to + 2] as number) * blue);
        red += redStep;
        green += greenStep;
        blue += blueStep;
      }
    }
  }
}

function rollOff(value: number): number {
  return value <= 215 ? value : 215 + (40 * (value - 215)) / (value - 175);
}

function gainGrid(
  { ambient, spots, vignette = 0 }: Light,
  { columns, rows, picture }: { readonly columns: number; readonly rows: number; readonly picture: Picture },
): Float32Array {
  const gains = new Float32Array(columns * rows * 3);
  for (let row = 0, to = 0; row < rows; row++) {
    const y = (row * CELL) / picture.height;
    for (let column = 0; column < columns; column++, to += 3) {
      const x = (column * CELL) / picture.width;
      let [red, green, blue] = ambient;
      for (const spot of spots) {
        const dx = (x - spot.x) / spot.radiusX;
        const dy = (y - spot.y) / spot.radiusY;
        const distance = dx * dx + dy * dy;
        if (distance >= 1) continue;
        const strength = Math.min(1, (1 - distance) ** 2 * 2.2);
        red += spot.colour[0] * strength;
        green += spot.colour[1] * strength;
        blue += spot.colour[2] * strength;
      }
      const corner = 1 - vignette * 2 * ((x - 0.5) ** 2 + (y - 0.5) ** 2);
      gains[to] = (red * corner) ** GAMMA;
      gains[to + 1] = (green * corner) ** GAMMA;
      gains[to + 2] = (blue * corner) ** GAMMA;
    }
  }
  return gains;
}
