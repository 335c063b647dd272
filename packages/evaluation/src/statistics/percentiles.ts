/** Milliseconds; the nearest rank among all values, no buckets. */
export interface Percentiles {
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** Undefined where there are no values. */
export function percentiles(values: readonly number[]): Percentiles | undefined {
  if (values.length === 0) return undefined;
  const ascending = values.toSorted((a, b) => a - b);
  const at = (percent: number) =>
    ascending[Math.max(1, Math.ceil((percent / 100) * ascending.length)) - 1] as number;
  return { n: ascending.length, p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}
