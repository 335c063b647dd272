const FIRST_MS = 100;
const MOST_MS = 5_000;

/**
 * How long to wait before the next attempt: twice as long each time up to 5 s, for ever; half of it is chance, so that
 * a thousand subscribers do not come back in the same instant.
 */
export function backOffMs(attempt: number, random: () => number = Math.random): number {
  const mostMs = Math.min(FIRST_MS * 2 ** Math.min(attempt, 10), MOST_MS);
  return mostMs / 2 + (mostMs / 2) * random();
}
