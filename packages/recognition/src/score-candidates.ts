import type { Candidate } from "./candidates.ts";
import type { Acquaintances } from "./model.ts";
import { NOBODY, scoreLook } from "./score-look.ts";

/** How much it counts against a candidate that others of the picture stand out more. */
const STANDING_OUT = 0.1;
/** How much it counts against a label that somebody else is liker, where it is likest. */
const RIVALRY = 0.5;

/** Where in a picture a label is likest, if anywhere. */
export interface Sighting {
  /** About -1 to 1; NOBODY where nothing is known of the label, or nothing was looked at. */
  readonly raw: number;
  /** Place of the candidate; -1 for none. */
  readonly candidate: number;
}

/** For each candidate of a picture one score a label. */
export function scoreCandidates(known: Acquaintances, candidates: readonly Candidate[]): Float32Array[] {
  const most = Math.max(1e-3, ...candidates.map(({ figure }) => figure));
  return candidates.map(({ look, figure }) => {
    const behind = STANDING_OUT * (1 - figure / most);
    return scoreLook(known, look).map((score) => (score === NOBODY ? score : score - behind));
  });
}

/** For each label the candidate that is likest: that others are liker there speaks against it. */
export function sightLabels(labels: number, scores: readonly Float32Array[]): Sighting[] {
  return Array.from({ length: labels }, (_, label): Sighting => {
    let [raw, candidate] = [NOBODY, -1];
    for (const [at, list] of scores.entries()) {
      const here = list[label] as number;
      if (here > raw) [raw, candidate] = [here, at];
    }
    if (candidate < 0) return { raw, candidate };
    const best = Math.max(...(scores[candidate] as Float32Array));
    return { raw: Math.max(NOBODY, raw - RIVALRY * (best - raw)), candidate };
  });
}
