import { type Layer, type SpriteShelf } from "./layer.ts";
import { type Surface, silhouette } from "./coverage.ts";
import { compose, scaling } from "./transform.ts";

/** What can be seen of one label. All numbers are fractions. */
export interface Visible {
  readonly label: string;
  /** Visible part of the whole silhouette, 0 to 1; what is outside the picture counts as hidden. */
  readonly visible: number;
  /** The smallest rectangle round the visible part, in fractions of the picture's width and height. */
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  };
}

interface Tally {
  whole: number;
  seen: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Who covers whom, from the silhouettes of the very layers that are painted: each pixel belongs to the last layer
 * that is at least half opaque there. The ground is painted with a margin round the picture, so that a puppet that
 * is half outside counts as half visible. Labels of which nothing is seen are left out.
 */
export async function measureVisibility(
  layers: readonly Layer[],
  scene: { readonly width: number; readonly height: number },
  { shelf, pixelsPerUnit }: { readonly shelf: SpriteShelf; readonly pixelsPerUnit: number },
): Promise<Visible[]> {
  const margin = Math.round(MARGIN * pixelsPerUnit);
  const [pictureWidth, pictureHeight] = [scene.width * pixelsPerUnit, scene.height * pixelsPerUnit];
  const ground: Surface = { width: pictureWidth + 2 * margin, height: pictureHeight + 2 * margin };
  const labels = [...new Set(layers.flatMap(({ label }) => label ?? []))];
  const owner = new Uint8Array(ground.width * ground.height);
  const touched = new Uint32Array(ground.width * ground.height);
  const sprites = await Promise.all(layers.map((layer) => shelf.get(layer, pixelsPerUnit)));
  const toPixels = compose(scaling(pixelsPerUnit), { a: 1, b: 0, c: 0, d: 1, e: margin, f: margin });
  const tallies = labels.map(
    (): Tally => ({ whole: 0, seen: 0, left: Infinity, top: Infinity, right: -1, bottom: -1 }),
  );
  layers.forEach((layer, index) => {
    const sprite = sprites[index];
    if (!sprite) return;
    const id = layer.label === undefined ? 0 : labels.indexOf(layer.label) + 1;
    const tally = tallies[id - 1];
    const bit = tally ? 1 << (id - 1) : 0;
    silhouette(ground, sprite, compose(layer.at, toPixels), (pixel) => {
      owner[pixel] = id;
      const already = touched[pixel] as number;
      // A puppet's parts overlap: a pixel of it counts once.
      if (!tally || (already & bit) !== 0) return;
      touched[pixel] = already | bit;
      tally.whole++;
    });
  });
  for (let y = 0; y < pictureHeight; y++) {
    for (let x = 0, pixel = (y + margin) * ground.width + margin; x < pictureWidth; x++, pixel++) {
      const tally = tallies[(owner[pixel] as number) - 1];
      if (!tally) continue;
      tally.seen++;
      if (x < tally.left) tally.left = x;
      if (y < tally.top) tally.top = y;
      if (x + 1 > tally.right) tally.right = x + 1;
      if (y + 1 > tally.bottom) tally.bottom = y + 1;
    }
  }
  return tallies.flatMap(({ whole, seen, left, top, right, bottom }, index) => {
    const label = labels[index];
    if (label === undefined || seen === 0) return [];
    const box = {
      left: left / pictureWidth,
      top: top / pictureHeight,
      right: right / pictureWidth,
      bottom: bottom / pictureHeight,
    };
    return [{ label, visible: seen / whole, box }];
  });
}

/** Stage units round the picture in which silhouettes still count: the tallest puppet and its rod. */
const MARGIN = 400;
