import { SHARED_DEFS } from "./art/felt.ts";
import { type Canvas, rasterise, type Sprite } from "./sprite.ts";
import { type Picture, paint } from "./surface.ts";
import { compose, scaling, type Transform } from "./transform.ts";

/** One drawing somewhere in a scene. A scene is a list of layers from back to front (painter's order). */
export interface Layer {
  /** An SVG fragment, drawn on `canvas`. */
  readonly svg: string;
  readonly canvas: Canvas;
  /** From the drawing to the scene, in stage units. */
  readonly at: Transform;
  /** How much `at` enlarges, so that the drawing is rasterised as fine as it is seen. */
  readonly scale: number;
  /** Whose part this is; scenery has none. */
  readonly label?: string;
}

/** Scales are rounded to these steps, so that a sprite is drawn once for all sizes that are nearly the same. */
const STEP = 1.25;

/** Keeps what has been rasterised. Bounded by the number of drawings in the show times the steps of scale in use. */
export class SpriteShelf {
  // By drawing first: these strings are long, and a joined key would be hashed anew for each frame.
  readonly #drawings = new Map<string, Map<number, Promise<Sprite>>>();

  /** @param pixelsPerUnit of the picture that the layer is painted on. */
  get({ svg, canvas, scale }: Layer, pixelsPerUnit: number): Promise<Sprite> {
    const fine = STEP ** Math.round(Math.log(scale) / Math.log(STEP)) * pixelsPerUnit;
    let sizes = this.#drawings.get(svg);
    if (!sizes) {
      sizes = new Map();
      this.#drawings.set(svg, sizes);
    }
    let sprite = sizes.get(fine);
    if (!sprite) {
      sprite = rasterise(SHARED_DEFS + svg, canvas, fine);
      sizes.set(fine, sprite);
    }
    return sprite;
  }
}

/** Paints a scene onto a picture. `pixelsPerUnit` is the picture's width over the scene's. */
export async function paintLayers(
  on: Picture,
  layers: readonly Layer[],
  { shelf, pixelsPerUnit }: { readonly shelf: SpriteShelf; readonly pixelsPerUnit: number },
): Promise<void> {
  const sprites = await Promise.all(layers.map((layer) => shelf.get(layer, pixelsPerUnit)));
  const toPixels = scaling(pixelsPerUnit);
  layers.forEach((layer, index) => {
    const sprite = sprites[index];
    if (sprite) paint(on, sprite, compose(layer.at, toPixels));
  });
}
