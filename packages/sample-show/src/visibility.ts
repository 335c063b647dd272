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
  layers.forEach((layer, index) => {
    const sprite = sprites[index];
    if (!sprite) return;
    const id = layer.label === undefined ? 0 : labels.indexOf(layer.label) + 1;
    const bit = id === 0 ? 0 : 1 << (id - 1);
    silhouette(ground, sprite, compose(layer.at, toPixels), (pixel) => {
      owner[pixel] = id;
      touched[pixel] = (touched[pixel] ?? 0) | bit;
    });
  });
  const tallies: Tally[] = labels.map(() => ({
    whole: 0,
    seen: 0,
    left: Infinity,
    top: Infinity,
    right: -1,
    bottom: -1,
  }));
  for (let y = 0, pixel = 0; y < ground.height; y++) {
    for (let x = 0; x < ground.width; x++, pixel++) {
      const bits = touched[pixel] ?? 0;
      if (bits === 0) continue;
      const inside = x >= margin && y >= margin && x < margin + pictureWidth && y < margin + pictureHeight;
      tallies.forEach((tally, index) => {
        if ((bits & (1 << index)) !== 0) tally.whole++;
        if (!inside || owner[pixel] !== index + 1) return;
        tally.seen++;
        tally.left = Math.min(tally.left, x - margin);
        tally.top = Math.min(tally.top, y - margin);
        tally.right = Math.max(tally.right, x - margin + 1);
        tally.bottom = Math.max(tally.bottom, y - margin + 1);
      });
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
