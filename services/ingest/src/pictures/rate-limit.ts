/**
 * Lets at most `fps` pictures a second through, evenly, and forgives jitter: one may come up to half an interval early
 * as long as the average holds (generic cell rate algorithm, ITU-T I.371).
 */
export class RateLimit {
  readonly intervalMs: number;
  #dueMs = Number.NEGATIVE_INFINITY;

  constructor(fps: number) {
    this.intervalMs = 1_000 / fps;
  }

  admits(nowMs: number): boolean {
    if (this.#dueMs - nowMs > this.intervalMs / 2) return false;
    this.#dueMs = Math.max(nowMs, this.#dueMs) + this.intervalMs;
    return true;
  }

  /** How long until the next one is let through, 0 where it is now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#dueMs - this.intervalMs / 2 - nowMs);
  }
}
