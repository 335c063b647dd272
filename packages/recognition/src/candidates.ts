import type { Box, Picture } from "@followspot/dataset";
import type { Eye } from "./eye.ts";
import { estimateLight, isDark, relight } from "./light.ts";

/** Somebody or something, whoever it is. */
export interface Candidate {
  /** Pixels of the picture. */
  readonly box: Box;
  /** How much it stands out as a figure, 0 to 1. */
  readonly figure: number;
  /** How what is in the box looks; length 1. */
  readonly look: Float32Array;
}

export interface FindOptions {
  /** Places that are looked at closely, at most. */
  readonly limit: number;
  /** Also mirrored: steadier, and slower. */
  readonly both: boolean;
}

/** Proposes, then looks closely at each place. In a blackout there is nobody. */
export async function findCandidates(
  eye: Eye,
  picture: Picture,
  { limit, both }: FindOptions,
): Promise<Candidate[]> {
  const gains = estimateLight(picture);
  return isDark(gains) ? [] : await findCandidatesIn(eye, relight(picture, gains), { limit, both });
}

/** @param lit a picture whose light has been taken out. */
export async function findCandidatesIn(
  eye: Eye,
  lit: Picture,
  { limit, both }: FindOptions,
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const { box, score } of await eye.propose(lit, limit)) {
    candidates.push({ box, figure: score, look: await eye.look(lit, box, { both }) });
  }
  return candidates;
}
