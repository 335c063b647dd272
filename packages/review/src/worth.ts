import type { KeepReason } from "./keep/kept-frame.ts";

export interface WorthOf {
  readonly reason: KeepReason;
  /** 0 to 1. */
  readonly confidence: number;
  /** To the training picture that is most alike, -1 to 1; 0 where there is none. */
  readonly likeness: number;
  /** How many training pictures there are of what is guessed. */
  readonly pictures: number;
}

/** What a doubtful answer is worth at least, by why the frame was kept: a score alone does not tell a flip. */
const LEAST_MARGIN: Record<KeepReason, number> = {
  flip: 0.7,
  "near-threshold": 0.1,
  unknown: 0.6,
  random: 0.1,
};

/**
 * How much an answer about a frame is likely to teach, 0 to 1: doubt (how near the guess was to going the other way),
 * times novelty (how unlike every training picture it is), times rarity (how few pictures there are of the guess).
 * None of the three alone puts a frame last.
 */
export function worthOf({ reason, confidence, likeness, pictures }: WorthOf): number {
  const doubt = Math.max(LEAST_MARGIN[reason], 1 - 2 * Math.abs(confidence - 0.5));
  const novelty = 0.2 + 0.8 * Math.min(1, Math.max(0, 1 - likeness));
  const rarity = 1 / Math.sqrt(1 + pictures / 5);
  return doubt * novelty * rarity;
}
