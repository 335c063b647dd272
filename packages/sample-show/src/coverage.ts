import type { Sprite } from "./sprite.ts";
import { apply, compose, invert, scaling, type Transform, translation } from "./transform.ts";

/** Something to paint on: a picture (colours) or a mask (who owns a pixel). Both follow the same geometry. */
export interface Surface {
  readonly width: number;
  readonly height: number;
}

/** The rectangle of a surface in which a sprite lies, and the way back from its pixels to the sprite's. */
export interface Coverage {
  readonly fromX: number;
  readonly toX: number;
  readonly fromY: number;
  readonly toY: number;
  readonly back: Transform;
}

/** Calls `visit` with the index of every pixel of `on` whose centre lies on an at least half opaque part of `sprite`. */
export function silhouette(
  on: Surface,
  sprite: Sprite,
  toPixels: Transform,
  visit: (pixel: number) => void,
): void {
  const cover = coverage(on, sprite, toPixels);
  if (!cover) return;
  const { fromX, toX, fromY, toY, back } = cover;
  for (let y = fromY; y < toY; y++) {
    for (let x = fromX; x < toX; x++) {
      const column = Math.floor(back.a * (x + 0.5) + back.c * (y + 0.5) + back.e);
      const row = Math.floor(back.b * (x + 0.5) + back.d * (y + 0.5) + back.f);
      if (column < 0 || row < 0 || column >= sprite.width || row >= sprite.height) continue;
      if ((sprite.pixels[(row * sprite.width + column) * 4 + 3] ?? 0) >= 128) visit(y * on.width + x);
    }
  }
}

/** Undefined where the sprite lies outside the surface or is seen edge on. */
export function coverage(on: Surface, sprite: Sprite, toPixels: Transform): Coverage | undefined {
  const forth = compose(compose(scaling(1 / sprite.scale), translation(sprite.left, sprite.top)), toPixels);
  const back = invert(forth);
  if (!back) return undefined;
  const corners = [
    apply(forth, 0, 0),
    apply(forth, sprite.width, 0),
    apply(forth, 0, sprite.height),
    apply(forth, sprite.width, sprite.height),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  const fromX = Math.max(0, Math.floor(Math.min(...xs)) - 1);
  const toX = Math.min(on.width, Math.ceil(Math.max(...xs)) + 1);
  const fromY = Math.max(0, Math.floor(Math.min(...ys)) - 1);
  const toY = Math.min(on.height, Math.ceil(Math.max(...ys)) + 1);
  return fromX < toX && fromY < toY ? { fromX, toX, fromY, toY, back } : undefined;
}
