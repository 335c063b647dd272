import type { Figure, View } from "../art/figure.ts";
import { FIGURES } from "../art/wardrobe.ts";

const HEIGHTS: Record<string, number> = {
  bed: 0.5,
  bird: 0.5,
  basket: 0.52,
  cake: 0.46,
  lantern: 0.56,
  flowers: 0.56,
  bottle: 0.64,
  axe: 0.7,
};

/** How much of the picture's height a member fills when it is alone. */
export function heightOf(label: string): number {
  return HEIGHTS[label] ?? 0.78;
}

/** The views in the turn in which pictures are taken. */
export function viewsOf(label: string): readonly View[] {
  // The front twice: it is what the audience sees most.
  const { views } = figureOf(label);
  return (["front", "side", "front", "back", "disguised"] as const).filter((view) => view in views);
}

/** The drawing of a member of the cast. */
export function figureOf(label: string): Figure {
  return FIGURES.get(label) ?? never();
}

/** For look-ups that cannot fail unless the tables of this package contradict each other. */
export function never(): never {
  throw new Error("the sample show's tables do not fit together");
}
