/**
 * How well scores tell those who should score high from those who should score low: the share of pairs in the right
 * order, a tie counting half. 0.5 is chance. Undefined where one side is empty.
 */
export function auroc(high: readonly number[], low: readonly number[]): number | undefined {
  if (high.length === 0 || low.length === 0) return undefined;
  const all = [
    ...high.map((score) => ({ score, isHigh: true })),
    ...low.map((score) => ({ score, isHigh: false })),
  ].sort((a, b) => a.score - b.score);
  let lowBelow = 0;
  let pairs = 0;
  for (let from = 0; from < all.length; ) {
    let to = from;
    let highHere = 0;
    for (; to < all.length && all[to]?.score === all[from]?.score; to++) if (all[to]?.isHigh) highHere++;
    const lowHere = to - from - highHere;
    pairs += highHere * (lowBelow + lowHere / 2);
    lowBelow += lowHere;
    from = to;
  }
  return pairs / (high.length * low.length);
}

/**
 * The share of those who should score low that is accepted at the highest threshold which still accepts `recall` of
 * those who should score high. Undefined where one side is empty.
 */
export function falsePositiveRateAt(
  recall: number,
  high: readonly number[],
  low: readonly number[],
): number | undefined {
  if (high.length === 0 || low.length === 0) return undefined;
  const descending = high.toSorted((a, b) => b - a);
  const accepted = Math.max(1, Math.ceil(recall * high.length - 1e-9));
  const threshold = descending[accepted - 1] as number;
  return low.filter((score) => score >= threshold).length / low.length;
}
