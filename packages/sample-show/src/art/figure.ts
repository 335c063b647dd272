import type { Canvas } from "../sprite.ts";

/**
 * How a figure is turned to the audience. Drawings of `side` look to the right; looking left is the mirror image.
 * `disguised` is the wolf in the grandmother's nightcap.
 */
export type View = "front" | "side" | "back" | "disguised";

/** Which joint of the pose turns the part about its pivot. */
export type Joint = "body" | "head" | "nearArm" | "farArm";

export interface Part {
  readonly svg: string;
  readonly joint: Joint;
  /** In the figure's own units; ignored for "body", which turns about the feet. */
  readonly pivot: readonly [number, number];
}

/** A puppet or a prop: for each view its parts from back to front. The origin is where it stands or is held. */
export interface Figure {
  readonly id: string;
  readonly canvas: Canvas;
  /** The puppeteer's rod, behind everything. It is not part of what is recognized. */
  readonly rod?: string;
  readonly views: Partial<Record<View, readonly Part[]>> & { readonly front: readonly Part[] };
}

export function body(svg: string): Part {
  return { svg, joint: "body", pivot: [0, 0] };
}

export function part(joint: Joint, pivot: readonly [number, number], svg: string): Part {
  return { svg, joint, pivot };
}
