import type { Redis } from "ioredis";
import { FRAME_KEEP_MS, newestFrameKey, QUEUE_NAME, queuePrefix } from "./keys.ts";

/** A picture that was stored so recently is taken without looking for a younger one. */
const FRESH_MS = 70;

/**
 * Chooses one of several tokens, releases its deduplication key, then reads the newest frame of its camera: a frame
 * stored after the read finds the key gone and adds a new token. The other way round the last frame of a burst can be
 * lost.
 *
 * Does what `job.removeDeduplicationKey()` followed by GET does, in one round trip of the live path and in one step, so
 * that nothing gets in between. (Not as a pipeline of the two: after a restart of Redis the first call of a script is
 * refused and sent again, then behind the read.)
 *
 * The first token with a fresh picture is chosen, else the one with the youngest. How old a picture is, what is left of
 * its key's life tells. One that is gone is chosen when it is its turn: then it is out of the way.
 */
const TAKE_FRESHEST = `
local keep, fresh, mayWait = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3] == "1"
local chosen, mostLeft = 1, -1
for i = 1, #KEYS / 2 do
  local left = redis.call("PTTL", KEYS[2 * i])
  if left < 0 or keep - left <= fresh then
    chosen, mayWait = i, false
    break
  end
  if left > mostLeft then chosen, mostLeft = i, left end
end
if mayWait then return { -1, false } end
local held = redis.call("GET", KEYS[2 * chosen - 1])
if held and string.find("," .. ARGV[3 + chosen] .. ",", "," .. held .. ",", 1, true) then
  redis.call("DEL", KEYS[2 * chosen - 1])
end
return { chosen - 1, redis.call("GET", KEYS[2 * chosen]) }
`;

interface TakingRedis extends Redis {
  takeFreshestFrameBuffer(
    numberOfKeys: number,
    ...keysAndArguments: (string | number)[]
  ): Promise<[index: number, frame: Buffer | null]>;
}

/** The tokens of one camera that are at hand: one, or several where the first waited for long. */
export interface TokenOfCamera {
  readonly cameraId: string;
  /** Of their jobs. */
  readonly ids: string[];
}

export interface TakenFrame {
  /** Which of the tokens it is. */
  readonly index: number;
  /** Undefined where the camera has sent nothing for a second. */
  readonly bytes: Buffer | undefined;
}

/** Reads the newest frame of a camera on behalf of a token. */
export class NewestFrame {
  readonly #client: TakingRedis;
  readonly #showId: string;

  constructor(client: Redis, showId: string) {
    client.defineCommand("takeFreshestFrame", { lua: TAKE_FRESHEST });
    this.#client = client as TakingRedis;
    this.#showId = showId;
  }

  /**
   * Takes one of the tokens, which are in order, and its camera's frame; leaves the others as they are. Undefined where
   * the caller may wait for a fresh picture and there is none yet.
   */
  async takeFreshest(
    tokens: readonly TokenOfCamera[],
    { mayWait = false }: { readonly mayWait?: boolean } = {},
  ): Promise<TakenFrame | undefined> {
    const keys = tokens.flatMap(({ cameraId }) => [
      // BullMQ's name for the deduplication key; a test holds it to that.
      `${queuePrefix(this.#showId)}:${QUEUE_NAME}:de:${cameraId}`,
      newestFrameKey(this.#showId, cameraId),
    ]);
    const ids = tokens.map((token) => token.ids.join());
    const [index, frame] = await this.#client.takeFreshestFrameBuffer(
      keys.length,
      ...keys,
      FRAME_KEEP_MS,
      FRESH_MS,
      mayWait ? 1 : 0,
      ...ids,
    );
    if (index < 0) return undefined;
    return { index, bytes: frame ?? undefined };
  }
}
