import { FRAME_DROP_REASONS } from "@followspot/frames";

/**
 * What is wrong with a picture that a camera gave.
 * - `not-a-picture`: not JPEG, PNG or WebP, or one that is broken from its first bytes on.
 * - `truncated`: begins as a picture and ends too early, or is damaged on the way.
 * - `too-many-bytes`, `too-many-pixels`: above `PictureLimits`.
 * - `animated`: several pictures in one file.
 * - `too-slow`: decoding took longer than anything honest does.
 */
export const REFUSALS = [
  "not-a-picture",
  "truncated",
  "too-many-bytes",
  "too-many-pixels",
  "animated",
  "too-slow",
] as const;
export type Refusal = (typeof REFUSALS)[number];

/**
 * Why a picture did not become a frame on the wire: refused (above), not wanted, or not delivered.
 * - `rate-limited`: the camera gives more than its `fps`.
 * - `unchanged`: nothing moved, and the floor rate did not ask for it.
 * - `superseded`: a newer one came while the one before it was being prepared.
 * - `closing`: the service was on its way out.
 * - `internal-error`: a fault of ours; the log has it.
 */
export const DROP_REASONS = [
  ...REFUSALS,
  "rate-limited",
  "unchanged",
  "superseded",
  "closing",
  "internal-error",
  ...FRAME_DROP_REASONS,
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

export function isRefusal(outcome: string): outcome is Refusal {
  return (REFUSALS as readonly string[]).includes(outcome);
}

/** A picture that cannot be used. The message is one sentence for whoever sent it. */
export class PictureRefused extends Error {
  override readonly name = "PictureRefused";
  readonly reason: Refusal;

  constructor(reason: Refusal, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.reason = reason;
  }
}
