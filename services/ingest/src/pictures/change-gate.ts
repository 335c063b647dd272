import type { LumaThumbnail } from "./luma-thumbnail.ts";

/**
 * Below this spread of brightness (standard deviation, in levels of 255) a picture is too dark or too flat to tell
 * "nothing moved" from "nothing can be seen". Then nothing is held back.
 */
const JUDGEABLE_SPREAD = 6;
/** A cell that differs by more than this share of the spread has changed: what a hand does to a cell, noise does not. */
const CHANGE_SHARE = 0.08;
/** Never finer than what rounding and JPEG do to a cell of a still picture. */
const NOISE_LEVELS = 1.2;

export interface ChangeGateOptions {
  /** Frames a second that pass even while nothing changes. */
  readonly floorFps: number;
  /** Frames a second that come at most: the floor is met to half of their distance. */
  readonly fps: number;
}

/**
 * Holds pictures back while nothing on stage changes, down to a floor rate.
 *
 * Compares with the last picture that passed, so that slow movement adds up, after fitting the best gain and offset
 * between the two: a fade, another colour of light or a blackout is not a movement, and - what matters more - it never
 * hides one, since what is left after the fit is measured against the contrast that is left. Where there is too little
 * contrast to judge, everything passes. Peers that pause on light changes are blind at every cue.
 */
export class ChangeGate {
  readonly #floorMs: number;
  #reference: LumaThumbnail | undefined;
  #passedMs = Number.NEGATIVE_INFINITY;

  constructor({ floorFps, fps }: ChangeGateOptions) {
    this.#floorMs = 1_000 / floorFps - 500 / fps;
  }

  /** Whether this picture should go on. Changes nothing: `passed` does, once it went. */
  wants(thumbnail: LumaThumbnail, nowMs: number): boolean {
    if (!this.#reference || nowMs - this.#passedMs >= this.#floorMs) return true;
    return hasChanged(this.#reference, thumbnail);
  }

  passed(thumbnail: LumaThumbnail, nowMs: number): void {
    this.#reference = thumbnail;
    this.#passedMs = nowMs;
  }
}

/** True where `now` is anything else than `before` under another light, or where that cannot be told. */
export function hasChanged(before: LumaThumbnail, now: LumaThumbnail): boolean {
  const { gain, offset, spreadBefore, spreadNow } = fitLight(before, now);
  if (spreadBefore < JUDGEABLE_SPREAD || spreadNow < JUDGEABLE_SPREAD) return true;
  // More light must not be explained as a photographic negative.
  if (gain <= 0) return true;
  const limit = Math.max(CHANGE_SHARE * spreadNow, NOISE_LEVELS * Math.max(1, gain));
  for (let cell = 0; cell < now.length; cell += 1) {
    const expected = gain * (before[cell] as number) + offset;
    if (Math.abs((now[cell] as number) - expected) > limit) return true;
  }
  return false;
}

/** Least squares of `now = gain * before + offset`. */
function fitLight(before: LumaThumbnail, now: LumaThumbnail) {
  const n = now.length;
  let sumBefore = 0;
  let sumNow = 0;
  for (let cell = 0; cell < n; cell += 1) {
    sumBefore += before[cell] as number;
    sumNow += now[cell] as number;
  }
  const meanBefore = sumBefore / n;
  const meanNow = sumNow / n;
  let together = 0;
  let squaresBefore = 0;
  let squaresNow = 0;
  for (let cell = 0; cell < n; cell += 1) {
    const b = (before[cell] as number) - meanBefore;
    const a = (now[cell] as number) - meanNow;
    together += a * b;
    squaresBefore += b * b;
    squaresNow += a * a;
  }
  const gain = squaresBefore > 0 ? together / squaresBefore : 0;
  return {
    gain,
    offset: meanNow - gain * meanBefore,
    spreadBefore: Math.sqrt(squaresBefore / n),
    spreadNow: Math.sqrt(squaresNow / n),
  };
}
