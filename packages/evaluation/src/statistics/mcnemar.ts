/**
 * McNemar's exact test of two recognizers on the same pictures, two-sided: how probable a split of their
 * disagreements at least this uneven is, were both equally good. 1 where they never disagree.
 * @param onlyFirst pictures that the first alone got right
 * @param onlySecond pictures that the second alone got right
 */
export function mcnemarExact(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond;
  let logChoose = 0; // of n over k
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyFirst, onlySecond); k++) {
    if (k > 0) logChoose += Math.log(n - k + 1) - Math.log(k);
    tail += Math.exp(logChoose - n * Math.LN2);
  }
  return Math.min(1, 2 * tail);
}
