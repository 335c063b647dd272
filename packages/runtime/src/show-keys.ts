/** The Redis key of something in a show. One hash tag a show: a script may touch several keys, also in a cluster. */
export function showKey(showId: string, what: string): string {
  return `${showKeyPrefix(showId)}:${what}`;
}

export function showKeyPrefix(showId: string): string {
  return `followspot:{${showId}}`;
}

/**
 * Hash, camera id to "<run>:<sequence>" of the newest frame whose observation was published. The fence of the
 * observations writes it; a camera that is opened takes a run above it.
 */
export const LAST_PUBLISHED = "last-published";
