const FIRST_MS = 250;
const MOST_MS = 5_000;

/** Time before attempt number `attempt` (from 0): doubling, bounded, with jitter so that pages do not come back at once. */
export function retryDelayMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(FIRST_MS * 2 ** Math.min(attempt, 10), MOST_MS) * (0.5 + random() / 2);
}
