import { type Box, measureQuality, type Picture } from "@followspot/dataset";
import { type BackgroundChange, BackgroundModel } from "@followspot/recognition";
import { type Appearance, appearanceOf, isAlike } from "./appearance.ts";
import { cutOut } from "./cut-out.ts";
import { REFUSALS, type Refusal } from "./refusal.ts";

/** A frame of the camera: the file as it came, and its pixels. */
export interface TeachFrame {
  /** Upright. */
  readonly jpeg: Uint8Array;
  readonly picture: Picture;
  /** Milliseconds since the epoch. */
  readonly takenAtMs: number;
}

/** A frame that was kept, with the newcomer's box in pixels of `frame.picture`. */
export interface KeptFrame {
  readonly frame: TeachFrame;
  readonly box: Box;
}

export type TeachPhase = "empty-stage" | "collecting" | "enough";

export interface TeachState {
  readonly phase: TeachPhase;
  readonly kept: number;
  readonly wanted: number;
  readonly offered: number;
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
}

export type Offered =
  | { readonly kept: true; readonly box: Box }
  | { readonly kept: false; readonly reason: Refusal; readonly detail: string }
  /** A look at the empty stage, or nothing is wanted any more. */
  | { readonly kept: false; readonly reason: undefined; readonly detail: string };

export interface TeachOptions {
  /** Pictures to keep. */
  readonly pictures?: number;
  /** Calm frames of the empty stage to begin with. */
  readonly emptyFrames?: number;
}

interface Kept extends KeptFrame {
  readonly appearance: Appearance;
  readonly sharpness: number;
}

/** Crops are compared at this size, so that a near puppet is no sharper than a far one. */
const COMPARED_SIDE = 96;
/** Of the sharpest picture seen. */
const LEAST_SHARPNESS = 0.55;
/** Of the camera's picture. */
const LEAST_SIDE_PX = 40;
const MOST_AREA = 0.5;
/** Another thing of at least this share of the largest one's size is somebody else. */
const OTHER_SHARE = 0.35;
const NEAR_EDGE = 0.2;

/**
 * Chooses pictures of a newcomer out of a fixed camera's frames: first a look at the empty stage, then whatever stands
 * before it, as long as it is one thing, wholly there, sharp, and turned another way than before. Owns no camera and no
 * clock: whoever drives it offers frames, one after the other.
 */
export class TeachSession {
  readonly #wanted: number;
  readonly #emptyFrames: number;
  readonly #refused: Partial<Record<Refusal, number>> = {};
  #background = new BackgroundModel({ absorbFrames: Number.POSITIVE_INFINITY });
  #phase: TeachPhase = "empty-stage";
  #calm = 0;
  #offered = 0;
  #sharpest = 0;
  #empty: TeachFrame | undefined;
  #kept: Kept[] = [];

  constructor({ pictures = 12, emptyFrames = 8 }: TeachOptions = {}) {
    this.#wanted = pictures;
    this.#emptyFrames = emptyFrames;
  }

  get state(): TeachState {
    return {
      phase: this.#phase,
      kept: this.#kept.length,
      wanted: this.#wanted,
      offered: this.#offered,
      refused: { ...this.#refused },
    };
  }

  /** Begins again with the empty stage: the camera was moved. What is kept stays. */
  start(): void {
    this.#background.reset();
    this.#phase = "empty-stage";
    this.#calm = 0;
  }

  offer(frame: TeachFrame): Offered {
    if (this.#phase === "enough") return { kept: false, reason: undefined, detail: "enough is kept" };
    this.#offered++;
    const seen = this.#background.update(frame.picture);
    if (seen.dark) return this.#refuse("dark");
    if (this.#phase === "empty-stage") return this.#lookAtEmptyStage(frame, seen);
    const place = this.#place(frame.picture, seen);
    if (place === "empty" && seen.lightChanged) return this.#refuse("light-changed");
    return typeof place === "string" ? this.#refuse(place) : this.#judge(frame, place);
  }

  /** What was kept, and the empty stage where it was seen. */
  finish(): { readonly pictures: readonly KeptFrame[]; readonly empty: TeachFrame | undefined } {
    this.#phase = "enough";
    return { pictures: this.#kept.map(({ frame, box }) => ({ frame, box })), empty: this.#empty };
  }

  #lookAtEmptyStage(frame: TeachFrame, { changed }: BackgroundChange): Offered {
    if (changed.length > 0) {
      // Somebody was still leaving: what is behind them is seen only now.
      this.#background.reset();
      this.#background.update(frame.picture);
      this.#calm = 0;
      return this.#refuse("not-empty");
    }
    this.#empty = frame;
    this.#calm++;
    if (this.#calm >= this.#emptyFrames) this.#phase = "collecting";
    return { kept: false, reason: undefined, detail: "looking at the empty stage" };
  }

  /** The one thing that stands there, or why there is none. */
  #place({ width, height }: Picture, { changed }: BackgroundChange): Box | Refusal {
    const [best, ...others] = changed;
    if (!best) return "empty";
    const { box } = best;
    if (Math.min(box.width, box.height) < LEAST_SIDE_PX) return "too-small";
    if (box.width * box.height > MOST_AREA * width * height) return "too-large";
    const [across, down] = [(box.left + box.width / 2) / width, (box.top + box.height / 2) / height];
    const atSide =
      (box.left <= 0 && across < NEAR_EDGE) ||
      (box.left + box.width >= width && across > 1 - NEAR_EDGE) ||
      (box.top <= 0 && down < NEAR_EDGE);
    if (atSide) return "half-outside";
    const area = box.width * box.height;
    const another = others.some((other) => {
      const size = other.box.width * other.box.height;
      return size > OTHER_SHARE * area && shared(other.box, box) < 0.1 * size;
    });
    return another ? "several" : box;
  }

  #judge(frame: TeachFrame, box: Box): Offered {
    const crop = cutOut(frame.picture, box, COMPARED_SIDE);
    const { sharpness } = measureQuality(crop);
    if (sharpness > this.#sharpest) {
      this.#sharpest = sharpness;
      this.#dropBlurred();
    }
    if (sharpness < LEAST_SHARPNESS * this.#sharpest) return this.#refuse("blurred");
    // Not what the recognizer thinks of it: that changes with every recognizer, and a puppet is turned all the same.
    const appearance = appearanceOf(frame.picture, box);
    if (this.#kept.some((other) => isAlike(other.appearance, appearance))) return this.#refuse("alike");
    this.#kept.push({ frame, box, appearance, sharpness });
    if (this.#kept.length >= this.#wanted) this.#phase = "enough";
    return { kept: true, box };
  }

  /** What looked sharp before anything sharper was seen. */
  #dropBlurred(): void {
    const sharp = this.#kept.filter(({ sharpness }) => sharpness >= LEAST_SHARPNESS * this.#sharpest);
    this.#refused.blurred = (this.#refused.blurred ?? 0) + this.#kept.length - sharp.length;
    this.#kept = sharp;
  }

  #refuse(reason: Refusal): Offered {
    this.#refused[reason] = (this.#refused[reason] ?? 0) + 1;
    return { kept: false, reason, detail: REFUSALS[reason] };
  }
}

function shared(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
