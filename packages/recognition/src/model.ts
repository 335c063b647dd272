import type { Forest } from "./forest.ts";
import type { Palette } from "./palette.ts";

/** Turns a raw score into a probability: 1 / (1 + exp(-(slope x raw + offset))). */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

/** What the forest answers, on average, in shares of 255: on a subject of a class, and anywhere else. */
export interface Gauge {
  readonly on: number;
  readonly off: number;
}

/** How well the model did on scenes that it had not seen. */
export interface Accuracy {
  /** Share of subjects named right, 0 to 1. */
  readonly top1: number;
  /** 95 % interval, scenes drawn with replacement. */
  readonly low: number;
  readonly high: number;
  readonly subjects: number;
  readonly scenes: number;
}

/** What is needed to look at a picture; classes are the labels, then "somebody who is nobody of the cast". */
export interface Eye {
  /** Cast ids, sorted. */
  readonly labels: readonly string[];
  readonly forest: Forest;
  /** One a class. */
  readonly gauges: readonly Gauge[];
  /** What colours the subjects that it has seen are made of; one list a class. */
  readonly palettes: readonly (readonly Palette[])[];
  /** Width by height of the windows to try; one list a class. */
  readonly aspects: readonly (readonly number[])[];
}

/** Everything that the understudy has learnt. */
export interface UnderstudyModel extends Eye {
  readonly seed: number;
  /** By which power of a window's size its evidence is divided before it is calibrated. */
  readonly sizePower: number;
  /** One a class. */
  readonly calibration: readonly Calibration[];
  readonly pictures: number;
  readonly accuracy: Accuracy | undefined;
}
