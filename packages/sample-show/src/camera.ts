import { SeededRandom } from "@followspot/domain";
import sharp from "sharp";
import type { Picture } from "./surface.ts";

const NOISE_LENGTH = 65_536;

/**
 * What a camera's sensor does to light: read noise everywhere, shot noise that grows with brightness. The noise is
 * drawn once and laid over each picture from another place.
 */
export class Sensor {
  readonly #noise: Int8Array;

  constructor(seed: number) {
    const random = new SeededRandom(seed);
    this.#noise = Int8Array.from({ length: NOISE_LENGTH }, () =>
      Math.max(-127, Math.min(127, random.normal() * 32)),
    );
  }

  /** @param strength of the noise in 8-bit steps. @returns RGB, three bytes a pixel. */
  expose(picture: Picture, { strength, seed }: { readonly strength: number; readonly seed: number }): Buffer {
    const { pixels } = picture;
    const rgb = Buffer.allocUnsafe(picture.width * picture.height * 3);
    const random = new SeededRandom(seed);
    const noise = this.#noise;
    const gain = strength / 32;
    // Rows start at other places, or the eye would see the noise repeat.
    for (let y = 0, from = 0, to = 0; y < picture.height; y++) {
      let at = random.below(NOISE_LENGTH);
      for (let x = 0; x < picture.width; x++, from += 4, to += 3, at += 3) {
        const red = pixels[from] as number;
        const green = pixels[from + 1] as number;
        const blue = pixels[from + 2] as number;
        const grain = gain * (0.6 + green * 0.003);
        rgb[to] = clamp(red + (noise[at & (NOISE_LENGTH - 1)] as number) * grain);
        rgb[to + 1] = clamp(green + (noise[(at + 1) & (NOISE_LENGTH - 1)] as number) * grain);
        rgb[to + 2] = clamp(blue + (noise[(at + 2) & (NOISE_LENGTH - 1)] as number) * grain);
      }
    }
    return rgb;
  }
}

function clamp(value: number): number {
  return value <= 0 ? 0 : value >= 255 ? 255 : value + 0.5;
}

/** RGB, three bytes a pixel, to a JPEG. */
export function encodeJpeg(
  rgb: Buffer,
  { width, height, quality }: { readonly width: number; readonly height: number; readonly quality: number },
): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}
