import { type Coverage, coverage, type Surface } from "./coverage.ts";
import type { Sprite } from "./sprite.ts";
import type { Transform } from "./transform.ts";

export interface Picture extends Surface {
  /** RGBX, 8 bits: four bytes a pixel, the fourth unused, so that rows stay aligned with sprites. */
  readonly pixels: Uint8ClampedArray;
}

export function blankPicture(width: number, height: number): Picture {
  return { width, height, pixels: new Uint8ClampedArray(width * height * 4) };
}

const FIXED = 65_536;

/**
 * Paints `sprite`, moved by `toPixels` (stage units to pixels), over what is there. Bilinear; a sprite that lies
 * exactly on the pixels is copied. `gain` dims it as it is painted.
 */
export function paint(on: Picture, sprite: Sprite, toPixels: Transform, gain = 1): void {
  const cover = coverage(on, sprite, toPixels);
  if (!cover) return;
  if (liesOnPixels(cover.back)) paintAligned(on, sprite, cover, gain);
  else paintBilinear(on, sprite, cover, gain);
}

function liesOnPixels({ a, b, c, d, e, f }: Transform): boolean {
  const whole = (value: number): boolean => Math.abs(value - Math.round(value)) < 0.02;
  return Math.abs(a - 1) < 1e-5 && Math.abs(d - 1) < 1e-5 && b === 0 && c === 0 && whole(e) && whole(f);
}

function paintAligned(
  on: Picture,
  { pixels: source, width, height }: Sprite,
  { back }: Coverage,
  gain: number,
): void {
  const [left, top] = [-Math.round(back.e), -Math.round(back.f)];
  const target = on.pixels;
  const fromX = Math.max(0, left);
  const toX = Math.min(on.width, left + width);
  const toY = Math.min(on.height, top + height);
  for (let y = Math.max(0, top); y < toY; y++) {
    let from = ((y - top) * width + fromX - left) * 4;
    let to = (y * on.width + fromX) * 4;
    for (let x = fromX; x < toX; x++, from += 4, to += 4) {
      const alpha = source[from + 3] as number;
      if (alpha === 0) continue;
      const keep = (255 - alpha) / 255;
      target[to] = (source[from] as number) * gain + (target[to] as number) * keep;
      target[to + 1] = (source[from + 1] as number) * gain + (target[to + 1] as number) * keep;
      target[to + 2] = (source[from + 2] as number) * gain + (target[to + 2] as number) * keep;
    }
  }
}

function paintBilinear(on: Picture, sprite: Sprite, cover: Coverage, gain: number): void {
  const { fromX, toX, fromY, toY, back } = cover;
  const { pixels: source, width, height } = sprite;
  const target = on.pixels;
  const stepX = Math.round(back.a * FIXED);
  const stepY = Math.round(back.b * FIXED);
  const lastX = width - 1;
  const lastY = height - 1;
  for (let y = fromY; y < toY; y++) {
    let u = Math.round((back.a * (fromX + 0.5) + back.c * (y + 0.5) + back.e - 0.5) * FIXED);
    let v = Math.round((back.b * (fromX + 0.5) + back.d * (y + 0.5) + back.f - 0.5) * FIXED);
    let to = (y * on.width + fromX) * 4;
    for (let x = fromX; x < toX; x++, to += 4, u += stepX, v += stepY) {
      const column = u >> 16;
      const row = v >> 16;
      if (column < -1 || row < -1 || column > lastX || row > lastY) continue;
      const right = (u >> 8) & 255;
      const lower = (v >> 8) & 255;
      const w11 = (right * lower) >> 8;
      const w10 = right - w11;
      const w01 = lower - w11;
      const w00 = 256 - w10 - w01 - w11;
      const upperLeft = (row * width + column) * 4;
      const i00 = row < 0 || column < 0 ? -1 : upperLeft;
      const i10 = row < 0 || column >= lastX ? -1 : upperLeft + 4;
      const i01 = row >= lastY || column < 0 ? -1 : upperLeft + width * 4;
      const i11 = row >= lastY || column >= lastX ? -1 : upperLeft + width * 4 + 4;
      let [red, green, blue, alpha] = [0, 0, 0, 0];
      if (i00 >= 0 && w00 > 0) {
        red = (source[i00] as number) * w00;
        green = (source[i00 + 1] as number) * w00;
        blue = (source[i00 + 2] as number) * w00;
        alpha = (source[i00 + 3] as number) * w00;
      }
      if (i10 >= 0 && w10 > 0) {
        red += (source[i10] as number) * w10;
        green += (source[i10 + 1] as number) * w10;
        blue += (source[i10 + 2] as number) * w10;
        alpha += (source[i10 + 3] as number) * w10;
      }
      if (i01 >= 0 && w01 > 0) {
        red += (source[i01] as number) * w01;
        green += (source[i01 + 1] as number) * w01;
        blue += (source[i01 + 2] as number) * w01;
        alpha += (source[i01 + 3] as number) * w01;
      }
      if (i11 >= 0 && w11 > 0) {
        red += (source[i11] as number) * w11;
        green += (source[i11 + 1] as number) * w11;
        blue += (source[i11 + 2] as number) * w11;
        alpha += (source[i11 + 3] as number) * w11;
      }
      if (alpha === 0) continue;
      const keep = 65_280 - alpha;
      target[to] = (red * gain + ((target[to] as number) * keep) / 255) >> 8;
      target[to + 1] = (green * gain + ((target[to + 1] as number) * keep) / 255) >> 8;
      target[to + 2] = (blue * gain + ((target[to + 2] as number) * keep) / 255) >> 8;
    }
  }
}
