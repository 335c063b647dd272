/**
 * Why a frame was not put on the wire.
 * - `too-large`: more than `MAX_FRAME_BYTES`.
 * - `backlog`: Redis has not answered for earlier frames of this camera yet.
 * - `redis-unavailable`: no connection, no answer in time, or refused (out of memory).
 */
export const FRAME_DROP_REASONS = ["too-large", "backlog", "redis-unavailable"] as const;
export type FrameDropReason = (typeof FRAME_DROP_REASONS)[number];

/** The frame was given up at once: the next one is worth more. */
export class FrameDropped extends Error {
  override readonly name = "FrameDropped";
  readonly reason: FrameDropReason;

  constructor(reason: FrameDropReason, options?: ErrorOptions) {
    super(`[${reason}] the frame was dropped`, options);
    this.reason = reason;
  }
}
