import type { Redis } from "ioredis";
import { newestFrameKey, QUEUE_NAME, queuePrefix } from "./keys.ts";

/**
 * Releases a token's deduplication key, then reads the newest frame: a frame stored after the read finds the key gone and
 * adds a new token. The other way round the last frame of a burst can be lost.
 *
 * Does what `job.removeDeduplicationKey()` followed by GET does, in one round trip of the live path and in one step, so
 * that nothing gets in between. (Not as a pipeline of the two: after a restart of Redis the first call of a script is
 * refused and sent again, then behind the read.)
 */
const TAKE_NEWEST = `
if redis.call("GET", KEYS[1]) == ARGV[1] then redis.call("DEL", KEYS[1]) end
return redis.call("GET", KEYS[2])
`;

interface TakingRedis extends Redis {
  takeNewestFrameBuffer(deduplicationKey: string, frameKey: string, tokenId: string): Promise<Buffer | null>;
}

/** Reads the newest frame of a camera on behalf of a token. */
export class NewestFrame {
  readonly #client: TakingRedis;
  readonly #showId: string;

  constructor(client: Redis, showId: string) {
    client.defineCommand("takeNewestFrame", { numberOfKeys: 2, lua: TAKE_NEWEST });
    this.#client = client as TakingRedis;
    this.#showId = showId;
  }

  /** Undefined where the camera has sent nothing for a second. */
  async take(token: { readonly id: string; readonly cameraId: string }): Promise<Buffer | undefined> {
    // BullMQ's name for the deduplication key; a test holds it to that.
    const deduplicationKey = `${queuePrefix(this.#showId)}:${QUEUE_NAME}:de:${token.cameraId}`;
    const frameKey = newestFrameKey(this.#showId, token.cameraId);
    return (await this.#client.takeNewestFrameBuffer(deduplicationKey, frameKey, token.id)) ?? undefined;
  }
}
