import type { SimFrame } from "./trace.ts";

/** Takes note of a frame that will never be recognized. */
export type Drop = (frame: SimFrame, reason: string) => void;

/** Nothing yet. The next arrival is asked about in any case. */
export interface AskAgain {
  readonly askAgainAtMs: number;
}

/** Which frames wait for the recognizer, and which is next. Knows no other clock than what it is told. */
export interface FramePolicy {
  /** A frame arrives while the recognizer is `busy` or not. */
  arrive(frame: SimFrame, busy: boolean): void;
  /** The recognizer is free: the frame to recognize now, if there is one, or when to ask again at the latest. */
  next(nowMs: number): SimFrame | AskAgain | undefined;
  /** Frames that may still be recognized. */
  waiting(): readonly SimFrame[];
}

export interface PolicyDescription {
  readonly name: string;
  /** What is modelled, in a sentence. */
  readonly description: string;
  readonly create: (cameras: number, drop: Drop) => FramePolicy;
}
