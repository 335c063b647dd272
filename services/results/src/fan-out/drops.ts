/** What was not sent to a subscriber, and why. */
export const SKIP_REASONS = ["observation-to-slow-subscriber", "heartbeat-to-slow-subscriber"] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Why a subscriber was not let in, or was sent away. */
export const REFUSAL_REASONS = [
  "slow",
  "stopping",
  "too-many",
  "no-access",
  "no-hello",
  "bad-hello",
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];
