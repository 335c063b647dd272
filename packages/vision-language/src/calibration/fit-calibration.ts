import { UNKNOWN_LABEL } from "@followspot/domain";
import { type CalibrationLine, IDENTITY } from "./calibration-file.ts";

/** What was said of one label in one picture, and what was true. */
export interface Evidence {
  /** A cast id, or `unknown`. */
  readonly label: string;
  /** Log-odds before calibration. */
  readonly raw: number;
  readonly present: boolean;
}

/** The part of a calibration that is fitted. */
export interface FittedLines {
  readonly global: CalibrationLine;
  readonly labels: Readonly<Record<string, CalibrationLine>>;
  readonly unknown: CalibrationLine;
}

/** Fewer of either kind say nothing: then the line that one would be drawn to is taken. */
const LEAST_OF_EACH = 4;
/** How strongly a line is drawn to the one before it: the global one hardly, a label's own as by a few pictures. */
const GLOBAL_PENALTY = 0.05;
const OWN_PENALTY = 2;
const ITERATIONS = 100;
/** Newton's steps are far too long where nearly everything is right. */
const LONGEST_STEP = 1;
const LEAST_SLOPE = 0.01;
const MOST = 50;

/**
 * Platt scaling on log-odds: one line for all labels, and one for each that has enough pictures, drawn to that of all.
 * Strangers have a line of their own.
 */
export function fitCalibration(evidence: readonly Evidence[]): FittedLines {
  const cast = evidence.filter(({ label }) => label !== UNKNOWN_LABEL);
  const strangers = evidence.filter(({ label }) => label === UNKNOWN_LABEL);
  const global = fitLine(cast, IDENTITY, GLOBAL_PENALTY) ?? IDENTITY;
  const labels: Record<string, CalibrationLine> = {};
  for (const [label, own] of Map.groupBy(cast, (one) => one.label)) {
    const line = fitLine(own, global, OWN_PENALTY);
    if (line) labels[label] = line;
  }
  return { global, labels, unknown: fitLine(strangers, global, GLOBAL_PENALTY) ?? global };
}

/** Undefined where there is too little to fit. */
function fitLine(
  evidence: readonly Evidence[],
  prior: CalibrationLine,
  penalty: number,
): CalibrationLine | undefined {
  const positives = evidence.filter(({ present }) => present).length;
  const negatives = evidence.length - positives;
  if (positives < LEAST_OF_EACH || negatives < LEAST_OF_EACH) return undefined;
  // Platt's targets: a little inside, so that a perfect fit does not claim certainty.
  const yes = (positives + 1) / (positives + 2);
  const no = 1 / (negatives + 2);
  let { slope, offset } = prior;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let bySlope = penalty * (slope - prior.slope);
    let byOffset = penalty * (offset - prior.offset);
    let [slopeTwice, both, offsetTwice] = [penalty, 0, penalty];
    for (const { raw, present } of evidence) {
      const share = 1 / (1 + Math.exp(-(slope * raw + offset)));
      const error = share - (present ? yes : no);
      const curve = Math.max(1e-6, share * (1 - share));
      bySlope += error * raw;
      byOffset += error;
      slopeTwice += curve * raw * raw;
      both += curve * raw;
      offsetTwice += curve;
    }
    const determinant = slopeTwice * offsetTwice - both * both;
    const slopeStep = (offsetTwice * bySlope - both * byOffset) / determinant;
    const offsetStep = (slopeTwice * byOffset - both * bySlope) / determinant;
    // More evidence is never taken for less.
    slope = within(slope - step(slopeStep), LEAST_SLOPE, MOST);
    offset = within(offset - step(offsetStep), -MOST, MOST);
    if (Math.abs(slopeStep) + Math.abs(offsetStep) < 1e-8) break;
  }
  return { slope, offset };
}

function step(change: number): number {
  return within(change, -LONGEST_STEP, LONGEST_STEP);
}

function within(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(most, value));
}
