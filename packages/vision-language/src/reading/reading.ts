import { READINGS as NAME_READINGS } from "./read-names.ts";

/** How an answer was understood, the plainest way first; each step down is a fall that is counted. */
export const READINGS = [
  /** Tensors of numbers: nothing to read. */
  "scores",
  "probabilities",
  "one-sided",
  "word",
  ...NAME_READINGS,
] as const;
export type Reading = (typeof READINGS)[number];

/** The worse of two. */
export function worse(one: Reading, other: Reading): Reading {
  return READINGS.indexOf(one) >= READINGS.indexOf(other) ? one : other;
}
