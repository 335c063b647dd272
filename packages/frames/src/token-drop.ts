/**
 * Why a token led to no work.
 * - `image-gone`: the newest frame expired, its camera has sent nothing for a second.
 * - `stale`: the newest frame is older than the budget.
 * - `superseded`: this worker has begun that frame, or a newer one, already; or another token of the camera waits here.
 * - `malformed`: what lies under the key is no frame.
 * - `failed`: the handler threw; the log says what.
 * - `canceled`: the worker was told to stop and the handler gave up.
 */
export const TOKEN_DROP_REASONS = [
  "image-gone",
  "stale",
  "superseded",
  "malformed",
  "failed",
  "canceled",
] as const;
export type TokenDropReason = (typeof TOKEN_DROP_REASONS)[number];
