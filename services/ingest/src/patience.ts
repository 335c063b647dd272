/** A camera that is seen at least three times a second is missed within a second. */
const SHORTEST_MS = 850;
const INTERVALS = 3;
/** However slow a camera has shown to be, unless show.yaml says that it is slower. */
const LONGEST_INTERVAL_MS = 1_500;
const LEARNING = 0.3;
/** From "missed" to "given up and opened again": time for a slow camera to show that it is only slow. */
const GRACE_MS = 900;

/**
 * How long a camera may be silent. Learns from the distance of its pictures, because a camera may well give fewer than
 * show.yaml takes: three intervals, at least 0.85 s.
 */
export class Patience {
  readonly #longestMs: number;
  #intervalMs: number;
  #lastMs: number | undefined;

  constructor(fps: number) {
    this.#intervalMs = 1_000 / fps;
    this.#longestMs = Math.max(LONGEST_INTERVAL_MS, this.#intervalMs);
  }

  pictureCame(nowMs: number): void {
    if (this.#lastMs !== undefined) {
      const gapMs = Math.min(nowMs - this.#lastMs, this.#longestMs);
      this.#intervalMs += LEARNING * (gapMs - this.#intervalMs);
    }
    this.#lastMs = nowMs;
  }

  /** The next picture is the first of a new connection: what lies between is not an interval. */
  reopened(): void {
    this.#lastMs = undefined;
  }

  /** Silence after which the camera is called lost. */
  get lostAfterMs(): number {
    return Math.max(SHORTEST_MS, INTERVALS * this.#intervalMs);
  }

  /** Silence after which its source is ended and opened again. */
  get reopenAfterMs(): number {
    return this.lostAfterMs + GRACE_MS;
  }
}
