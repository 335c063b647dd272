import type { Logger } from "@followspot/runtime";
import type { FrameDropReason } from "./drop-reason.ts";

/** Ordinary on a live path, and visible in the counters; the others mean that somebody should look. */
const ORDINARY: ReadonlySet<FrameDropReason> = new Set([
  "canceled",
  "fenced",
  "late",
  "outdated",
  "overloaded",
  "superseded",
]);

/** Logs why frames get no answer: once a series of the same reason, not once a frame. */
export class DropLog {
  readonly #log: Logger;
  #last: FrameDropReason | undefined;

  constructor(log: Logger) {
    this.#log = log;
  }

  observed(): void {
    this.#last = undefined;
  }

  dropped(reason: FrameDropReason, cause: unknown): void {
    if (ORDINARY.has(reason)) return this.#log.debug({ reason, err: cause }, "frame dropped");
    if (reason !== this.#last) this.#log.warn({ reason, err: cause }, "frames get no answer");
    this.#last = reason;
  }
}
