/**
 * Exact one-sided sign test on paired answers (McNemar's): how probable it is that at least `lost` of the answers that
 * changed went from right to wrong, if a change were as likely to go either way. 0 to 1; 1 where nothing was lost.
 */
export function chanceOfLosing(lost: number, won: number): number {
  const changed = lost + won;
  let sum = 0;
  // In logarithms: a power of two overflows from a thousand changes on.
  let logTerm = -changed * Math.LN2;
  for (let count = 0; count <= changed; count++) {
    if (count >= lost) sum += Math.exp(logTerm);
    logTerm += Math.log(changed - count) - Math.log(count + 1);
  }
  return Math.min(1, sum);
}
