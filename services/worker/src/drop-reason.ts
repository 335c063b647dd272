import { TOKEN_DROP_REASONS } from "@followspot/frames";

/**
 * Why a frame led to no observation.
 * - those of a token: see packages/frames.
 * - `recognizer-unavailable`: the model server or its model is not there, or cannot be used.
 * - `overloaded`: the model server's queue is full.
 * - `late`: the frame's budget ran out before the answer, or before its publication.
 * - `rejected`, `too-large`: the model server will never accept this frame.
 * - `malformed-answer`: the answer breaks the contract.
 * - `outdated`: the scene changed while the frame was asked about.
 * - `fenced`: an observation of the same or of a newer frame was published meanwhile.
 */
export const FRAME_DROP_REASONS = [
  ...TOKEN_DROP_REASONS,
  "recognizer-unavailable",
  "overloaded",
  "late",
  "rejected",
  "too-large",
  "malformed-answer",
  "outdated",
  "fenced",
] as const;
export type FrameDropReason = (typeof FRAME_DROP_REASONS)[number];
