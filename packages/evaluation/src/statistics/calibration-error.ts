/** One answer: how sure it was, 0 to 1, and whether it was right. */
export interface Claim {
  readonly confidence: number;
  readonly right: boolean;
}

/** The claims from `low` up to `high`, the last bin including 1. */
export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly n: number;
  /** Mean of what was claimed; 0 where n is 0. */
  readonly confidence: number;
  /** Share that was right; 0 where n is 0. */
  readonly accuracy: number;
}

export const CALIBRATION_BINS = 10;

/** Claims sorted into bins of equal width. */
export function calibrationBins(claims: readonly Claim[], count = CALIBRATION_BINS): CalibrationBin[] {
  return Array.from({ length: count }, (_, index) => {
    const here = claims.filter(({ confidence }) => binOf(confidence, count) === index);
    const mean = (sum: number) => (here.length === 0 ? 0 : sum / here.length);
    return {
      low: index / count,
      high: (index + 1) / count,
      n: here.length,
      confidence: mean(here.reduce((sum, { confidence }) => sum + confidence, 0)),
      accuracy: mean(here.filter(({ right }) => right).length),
    };
  });
}

/**
 * Expected calibration error: how far what is claimed lies from what comes true, averaged over the bins by their
 * number of claims. Undefined where nothing was claimed.
 */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number | undefined {
  const all = bins.reduce((sum, { n }) => sum + n, 0);
  if (all === 0) return undefined;
  return bins.reduce(
    (sum, { n, confidence, accuracy }) => sum + (n / all) * Math.abs(confidence - accuracy),
    0,
  );
}

function binOf(confidence: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(confidence * count)));
}
