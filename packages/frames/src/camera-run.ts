import { LAST_PUBLISHED, showKey } from "@followspot/runtime";
import type { Redis } from "ioredis";

// KEYS runs, last published. ARGV camera. Redis may have forgotten one of the two, or been restored from a copy.
const NEXT_RUN = `
local run = tonumber(redis.call("HGET", KEYS[1], ARGV[1]) or "0")
local published = redis.call("HGET", KEYS[2], ARGV[1])
if published then run = math.max(run, tonumber(string.match(published, "^(%d+):"))) end
redis.call("HSET", KEYS[1], ARGV[1], run + 1)
return run + 1
`;

/** Takes the next run number of a camera; it starts at 1. */
export async function openCamera(client: Redis, showId: string, cameraId: string): Promise<number> {
  const keys = [showKey(showId, "runs"), showKey(showId, LAST_PUBLISHED)];
  return Number(await client.eval(NEXT_RUN, keys.length, ...keys, cameraId));
}
