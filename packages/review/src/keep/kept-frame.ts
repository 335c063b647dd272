import { ID_PATTERN, UNKNOWN_LABEL } from "@followspot/domain";
import { z } from "zod";

/**
 * Why a frame was kept.
 * - `flip`: the frames of a second or two disagree about a label.
 * - `near-threshold`: the recognizer is not sure about a label.
 * - `unknown`: somebody who is nobody of the cast stays in the picture.
 * - `random`: a small share of all frames, so that confident mistakes are found too.
 */
export const KEEP_REASONS = ["flip", "near-threshold", "unknown", "random"] as const;
export type KeepReason = (typeof KEEP_REASONS)[number];

/** What a guess is where nobody is believed to be in the picture. */
export const NOBODY = "nobody";

const pixels = z.number().finite().min(-100_000).max(100_000);
const Box = z.object({ left: pixels, top: pixels, width: pixels.positive(), height: pixels.positive() });
const share = z.number().min(0).max(1);
const id = z.string().regex(ID_PATTERN);
const word = z.string().max(200);

/** One line of kept.jsonl. */
export const KeptFrameSchema = z.object({
  id: z.string().regex(/^[a-z0-9_-]{1,120}$/),
  /** The JPEG beside the line. */
  file: z.string().regex(/^[a-z0-9_-]{1,120}\.jpg$/),
  reason: z.enum(KEEP_REASONS),
  /** Who the question is about: a cast id, "unknown", or "nobody". */
  guess: id,
  /** How sure the recognizer was of that, 0 to 1. */
  confidence: share,
  /** Where, in pixels of the frame; absent where the recognizer gave no place. */
  box: Box.optional(),
  show: id,
  camera: id,
  capturedAtMs: z.number().finite(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  light: share,
  labels: z.array(z.object({ label: id, score: share, box: Box.optional() })).max(200),
  unknown: share,
  recognizer: z.object({ name: word, version: word, rung: word }),
  /** Of the crop, to tell near-duplicates: 16 hexadecimal digits each. */
  hash: z.object({ upright: z.string().length(16), mirrored: z.string().length(16) }),
});
export type KeptFrame = z.infer<typeof KeptFrameSchema>;

/** Undefined for a line that is none: a crash may have cut it off. */
export function parseKeptLine(line: string): KeptFrame | undefined {
  try {
    const parsed = KeptFrameSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export const KEPT_FILE = "kept.jsonl";

/** Whether a guess is a member of the cast. */
export function isCastGuess(guess: string): boolean {
  return guess !== UNKNOWN_LABEL && guess !== NOBODY;
}
