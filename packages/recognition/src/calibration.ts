import type { Calibration } from "./model.ts";

export interface ScoredTruth {
  readonly raw: number;
  readonly present: boolean;
}

/** What is used where there is too little to fit: from the sample show, which is as good a guess as any. */
export const DEFAULT_CALIBRATION: Calibration = { slope: 1.5, offset: -4 };

const ITERATIONS = 60;
const LEAST_OF_EACH = 4;
/** Slopes are drawn a little towards the prior, so that a perfect fit does not claim certainty. */
const PENALTY = 0.3;

/** Platt scaling: a logistic fit of presence on raw scores, with targets a little inside 0 and 1. */
export function fitCalibration(
  scored: readonly ScoredTruth[],
  prior: Calibration = DEFAULT_CALIBRATION,
): Calibration {
  const positives = scored.filter(({ present }) => present).length;
  const negatives = scored.length - positives;
  if (positives < LEAST_OF_EACH || negatives < LEAST_OF_EACH) return prior;
  const yes = (positives + 1) / (positives + 2);
  const no = 1 / (negatives + 2);
  let { slope, offset } = prior;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let gradientSlope = PENALTY * (slope - prior.slope);
    let gradientOffset = PENALTY * (offset - prior.offset);
    let aa = PENALTY;
    let ab = 0;
    let bb = PENALTY;
    for (const { raw, present } of scored) {
      const share = probability({ slope, offset }, raw);
      const error = share - (present ? yes : no);
      const curve = Math.max(1e-6, share * (1 - share));
      gradientSlope += error * raw;
      gradientOffset += error;
      aa += curve * raw * raw;
      ab += curve * raw;
      bb += curve;
    }
    const determinant = aa * bb - ab * ab;
    const stepSlope = (bb * gradientSlope - ab * gradientOffset) / determinant;
    const stepOffset = (aa * gradientOffset - ab * gradientSlope) / determinant;
    // Newton's steps may be far too long where nearly everything is right.
    slope = Math.min(12, Math.max(0.2, slope - Math.max(-1, Math.min(1, stepSlope))));
    offset = Math.min(12, Math.max(-12, offset - Math.max(-1, Math.min(1, stepOffset))));
    if (Math.abs(stepSlope) < 1e-7 && Math.abs(stepOffset) < 1e-7) break;
  }
  return { slope, offset };
}

export function probability({ slope, offset }: Calibration, raw: number): number {
  return 1 / (1 + Math.exp(-(slope * raw + offset)));
}
