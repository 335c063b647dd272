/** A picture may come so much before its time, in intervals: jitter of a camera at exactly its rate. */
const EARLY = 0.4;
/** A picture that is late by no more than this does not move the times of those that follow. */
const LATE = 0.6;

/**
 * Lets at most `fps` pictures a second through, evenly, and forgives jitter as long as the average holds (generic cell
 * rate algorithm, ITU-T I.371).
 */
export class RateLimit {
  readonly intervalMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(fps: number) {
    this.intervalMs = 1_000 / fps;
  }

  admits(nowMs: number): boolean {
    if (this.waitMs(nowMs) > 0) return false;
    this.#dueMs = Math.max(this.#dueMs, nowMs - LATE * this.intervalMs) + this.intervalMs;
    return true;
  }

  /** How long until the next one is let through, 0 where it is now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#dueMs - EARLY * this.intervalMs - nowMs);
  }
}
