/** What a set of measured values comes to. Percentiles are exact: the nearest rank among all samples, no buckets. */
export interface Summary {
  readonly n: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** The smallest value that at least `percent` % of the values do not exceed. NaN where there are none. */
export function percentile(ascending: ArrayLike<number>, percent: number): number {
  const rank = Math.max(1, Math.ceil((percent / 100) * ascending.length));
  return ascending[rank - 1] ?? Number.NaN;
}

/** Rounded to microseconds where the values are milliseconds. All zero where there are no values: see `n`. */
export function summarize(values: Iterable<number>): Summary {
  const ascending = Float64Array.from(values).sort();
  const at = (percent: number) => (ascending.length === 0 ? 0 : round(percentile(ascending, percent)));
  return { n: ascending.length, p50: at(50), p90: at(90), p95: at(95), p99: at(99), max: at(100) };
}

/**
 * Jain's fairness index of the shares: 1 where all are equal, 1/n where one has everything. Nobody getting anything is
 * no fairness: 0.
 */
export function jainIndex(shares: readonly number[]): number {
  const sum = shares.reduce((total, share) => total + share, 0);
  const squares = shares.reduce((total, share) => total + share * share, 0);
  return squares === 0 ? 0 : (sum * sum) / (shares.length * squares);
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}

/** The highest index that `total` whole things can have among `takers`: nobody gets more than one above another. */
export function bestJainIndex(total: number, takers: number): number {
  const each = Math.floor(total / takers);
  return jainIndex(Array.from({ length: takers }, (_, taker) => each + (taker < total % takers ? 1 : 0)));
}
