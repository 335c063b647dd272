/** Why nothing was appended. Whoever is told so gives up the lease and reads the log again before going on. */
const REASONS = {
  /** Another holds the lease now. */
  fenced: "another process appends to the event log now",
  /** The log began anew: Redis was wiped. */
  "epoch-changed": "the event log has begun anew",
  /** The log has other events than this writer knows. */
  "out-of-step": "the event log has moved on without this writer",
} as const satisfies Record<string, string>;

export type EventLogReason = keyof typeof REASONS;

export class EventLogError extends Error {
  override readonly name = "EventLogError";
  readonly reason: EventLogReason;

  constructor(reason: EventLogReason) {
    super(`[${reason}] ${REASONS[reason]}`);
    this.reason = reason;
  }

  static isReason(answer: unknown): answer is EventLogReason {
    return typeof answer === "string" && answer in REASONS;
  }
}
