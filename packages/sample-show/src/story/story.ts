import type { View } from "../art/figure.ts";
import type { Colour } from "../light.ts";

/** A moment of somebody's way over the stage. What is not named stays as it was; numbers ease between moments. */
export interface Moment {
  /** Seconds since the scene began. */
  readonly at: number;
  readonly x?: number;
  readonly y?: number;
  readonly view?: View;
  readonly facing?: 1 | -1;
  readonly scale?: number;
  readonly tilt?: number;
  readonly head?: number;
  readonly nearArm?: number;
  readonly farArm?: number;
  /** Depth: higher is nearer to the audience. */
  readonly z?: number;
  /** How lively the puppet talks, 0 to 1. */
  readonly talk?: number;
  /** Carried by this member, at x and y from its feet (x forward in its direction); "" puts it down. */
  readonly by?: string;
}

/** Somebody on stage from the first moment to the last. */
export interface Track {
  readonly label: string;
  readonly moments: readonly [Moment, ...Moment[]];
  /** Depth of the part nearest to the audience, where others fit between (the bed). */
  readonly frontZ?: number;
}

/** Something that stands there and may hide others; it has no label. */
export interface Piece {
  readonly svg: string;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly mirrored?: boolean;
  readonly scale?: number;
}

/** A lamp in stage units that can follow somebody; its colour is linear gain. */
export interface Lamp {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly colour: Colour;
  readonly follow?: string;
}

export interface StageLight {
  readonly name: string;
  readonly ambient: Colour;
  readonly lamps: readonly Lamp[];
  /** Light that reaches the curtain frame and the playboard. */
  readonly house: number;
}

/** From `at` (seconds in the scene) the light changes to `light`, over `fade` seconds. */
export interface LightCue {
  readonly at: number;
  readonly fade: number;
  readonly light: StageLight;
}

export interface Scene {
  readonly id: string;
  readonly name: string;
  readonly seconds: number;
  readonly backdrop: string;
  readonly pieces: readonly Piece[];
  readonly tracks: readonly Track[];
  /** The first one is in force from the beginning. */
  readonly lights: readonly [LightCue, ...LightCue[]];
  /** How far the main curtain is open: [seconds, 0 closed to 1 open]. */
  readonly curtain: readonly (readonly [at: number, open: number])[];
}
