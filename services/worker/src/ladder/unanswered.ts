/**
 * Why a frame that was asked about has no answer, without anybody's fault.
 * - `outdated`: the scene changed while it was asked about, and nobody else could answer.
 * - `superseded`: a newer frame of its camera waits behind the same question.
 */
export type UnansweredReason = "outdated" | "superseded";

export class Unanswered extends Error {
  override readonly name = "Unanswered";
  readonly reason: UnansweredReason;

  constructor(reason: UnansweredReason) {
    super(`[${reason}] the frame has no answer`);
    this.reason = reason;
  }
}
