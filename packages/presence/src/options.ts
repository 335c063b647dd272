/** How much proof the filter wants. Scores are calibrated probabilities, 0 to 1; times are milliseconds of capture time. */
export interface PresenceOptions {
  /** The closed vocabulary. What an observation says about anything else is ignored. */
  readonly labels: readonly string[];
  /** A frame speaks for a label from this score on. */
  readonly enterScore: number;
  /** A frame speaks against a label below this score; in between it weakly confirms what is already believed. */
  readonly exitScore: number;
  /** Surplus of frames that speak for an absent label, in time, before it enters. */
  readonly enterMs: number;
  /** Surplus of frames that speak against a present label, in time, before it exits. */
  readonly exitMs: number;
  /** Mean luma (0 to 1) below which a picture says nothing about anybody. */
  readonly darkBelow: number;
  /** A camera without an observation for so long says nothing; slow cameras get four of their own intervals, at most 16 s. */
  readonly blindAfterMs: number;
}

/** At 10 frames a second a solid appearance enters with its fourth frame (300 ms), at 2 a second with its third (1 s). */
export const PRESENCE_DEFAULTS = {
  enterScore: 0.6,
  exitScore: 0.4,
  enterMs: 250,
  exitMs: 700,
  darkBelow: 0.03,
  blindAfterMs: 2_000,
} as const satisfies Omit<PresenceOptions, "labels">;
