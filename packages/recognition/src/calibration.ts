import type { Calibration } from "./model.ts";

export interface Evidence {
  readonly raw: number;
  /** By how much the label's raw score is above that of the next best label of the picture; negative for the others. */
  readonly lead: number;
}

export interface ScoredTruth extends Evidence {
  readonly present: boolean;
  /** How much it counts; 1 where it is not given. */
  readonly weight?: number;
}

/** What is used where there is too little to fit: from drawn puppets, which is as good a guess as any. */
export const DEFAULT_CALIBRATION: Calibration = { slope: 10, leadSlope: 6, offset: -4.5 };

/** A lead by more says no more. */
const MOST_LEAD = 0.3;
const ITERATIONS = 60;
const LEAST_OF_EACH = 4;
/** Slopes are drawn towards the prior, so that a perfect fit does not claim certainty. */
const PENALTY = 0.02;
/** A label's own fit is drawn more strongly towards that of all. */
export const OWN_PENALTY = 0.5;
/** Newton's steps may be far too long where nearly everything is right. */
const LONGEST_STEP = 2;
const MOST = 60;
/** Of the slopes: more evidence is never taken for less, and likeness always counts. */
const LEAST_SLOPES = [1, 0];

/** Platt scaling: a logistic fit of presence on raw scores and leads, with targets a little inside 0 and 1. */
export function fitCalibration(
  scored: readonly ScoredTruth[],
  prior: Calibration = DEFAULT_CALIBRATION,
  penalty = PENALTY,
): Calibration {
  const positives = scored.filter(({ present }) => present).length;
  const negatives = scored.length - positives;
  if (positives < LEAST_OF_EACH || negatives < LEAST_OF_EACH) return prior;
  const yes = (positives + 1) / (positives + 2);
  const no = 1 / (negatives + 2);
  const start = [prior.slope, prior.leadSlope, prior.offset];
  let now = start;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const gradient = now.map((value, at) => penalty * (value - (start[at] as number)));
    const curvature = [0, 1, 2].map((at) => [0, 1, 2].map((other) => (at === other ? penalty : 0)));
    for (const one of scored) {
      const features = [one.raw, clampLead(one.lead), 1];
      const share = logistic(now.reduce((sum, value, at) => sum + value * (features[at] as number), 0));
      const weight = one.weight ?? 1;
      const error = weight * (share - (one.present ? yes : no));
      const curve = weight * Math.max(1e-6, share * (1 - share));
      for (const [at, feature] of features.entries()) {
        gradient[at] = (gradient[at] as number) + error * feature;
        const row = curvature[at] as number[];
        for (const [other, value] of features.entries())
          row[other] = (row[other] as number) + curve * feature * value;
      }
    }
    const step = solve(curvature, gradient);
    now = now.map((value, at) => {
      const change = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, step[at] as number));
      return Math.max((LEAST_SLOPES[at] as number | undefined) ?? -MOST, Math.min(MOST, value - change));
    });
    if (step.every((change) => Math.abs(change) < 1e-7)) break;
  }
  const [slope, leadSlope, offset] = now as [number, number, number];
  return { slope, leadSlope, offset };
}

export function probability({ slope, leadSlope, offset }: Calibration, { raw, lead }: Evidence): number {
  return logistic(slope * raw + leadSlope * clampLead(lead) + offset);
}

/** The lead of each of a picture's labels, from their raw scores. */
export function leadsOf(raws: readonly number[]): number[] {
  let [best, second] = [-Infinity, -Infinity];
  for (const raw of raws) {
    if (raw > best) [best, second] = [raw, best];
    else if (raw > second) second = raw;
  }
  return raws.map((raw) => (raws.length < 2 ? MOST_LEAD : raw - (raw === best ? second : best)));
}

function clampLead(lead: number): number {
  return Math.max(-MOST_LEAD, Math.min(MOST_LEAD, lead));
}

function logistic(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}

/** Gauss's elimination of three equations whose matrix is positive definite. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, at) => [...row, right[at] as number]);
  for (const [at, pivot] of rows.entries()) {
    for (const [other, row] of rows.entries()) {
      if (other === at) continue;
      const factor = (row[at] as number) / (pivot[at] as number);
      for (const [place, value] of pivot.entries()) row[place] = (row[place] as number) - factor * value;
    }
  }
  return rows.map((row, at) => (row.at(-1) as number) / (row[at] as number));
}
