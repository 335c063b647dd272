/** A fall by less is noise. */
const LEAST_FALL = 0.02;
/** So many times in a row without a fall. */
const PATIENCE = 4;

/**
 * Repeats what takes time until that no longer falls, as it does while the engine still compiles.
 * @param measure how long it took, in any unit
 * @param most how often at most
 * @returns how often it was
 */
export async function untilSteady(measure: () => Promise<number>, most: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  let sinceFall = 0;
  for (let times = 1; times <= most; times++) {
    const took = await measure();
    sinceFall = took < least * (1 - LEAST_FALL) ? 0 : sinceFall + 1;
    least = Math.min(least, took);
    if (sinceFall >= PATIENCE) return times;
  }
  return most;
}
