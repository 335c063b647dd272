import { LAST_PUBLISHED, showKey } from "@followspot/runtime";
import type { FrameStamp } from "@followspot/schema/followspot/v1/frame";
import type { Redis } from "ioredis";
import { OBSERVATION_FIELD, observationsKey } from "./keys.ts";

/** At 10 observations a second the last quarter of an hour. */
const KEEP_OBSERVATIONS = 10_000;

// KEYS last published, stream. ARGV camera, run, sequence, field, observation, entries to keep.
// One step: whoever finishes late finds a newer frame recorded, and appends nothing.
const FENCED_APPEND = `
local last = redis.call("HGET", KEYS[1], ARGV[1])
if last then
  local run, sequence = string.match(last, "^(%d+):(%d+)$")
  run, sequence = tonumber(run), tonumber(sequence)
  local newRun, newSequence = tonumber(ARGV[2]), tonumber(ARGV[3])
  if run == newRun and sequence == newSequence then return "same" end
  if newRun < run or (newRun == run and newSequence < sequence) then return "older" end
end
redis.call("XADD", KEYS[2], "MAXLEN", "~", ARGV[6], "*", ARGV[4], ARGV[5])
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2] .. ":" .. ARGV[3])
return "appended"
`;

/** `same`: an observation of this very frame is there already. `older`: one of a newer frame is. */
export type FenceAnswer = "appended" | "same" | "older";

interface FencedRedis extends Redis {
  appendObservation(
    lastPublishedKey: string,
    streamKey: string,
    ...args: (string | number | Buffer)[]
  ): Promise<FenceAnswer>;
}

/** Appends to the observations of a show, unless one of the same or of a newer frame is there. */
export class Fence {
  readonly #client: FencedRedis;
  readonly #keys: readonly [string, string];

  constructor(client: Redis, showId: string) {
    client.defineCommand("appendObservation", { numberOfKeys: 2, lua: FENCED_APPEND });
    this.#client = client as FencedRedis;
    this.#keys = [showKey(showId, LAST_PUBLISHED), observationsKey(showId)];
  }

  append(frame: FrameStamp, observation: Uint8Array): Promise<FenceAnswer> {
    return this.#client.appendObservation(
      ...this.#keys,
      frame.cameraId,
      frame.run,
      frame.sequence,
      OBSERVATION_FIELD,
      Buffer.from(observation.buffer, observation.byteOffset, observation.byteLength),
      KEEP_OBSERVATIONS,
    );
  }
}
