import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type Closable, type Logger, RedisConnection, redisRetryDelayMs } from "@followspot/runtime";
import type { CurrentScene } from "@followspot/schema/followspot/v1/subscribe";
import { parseSceneEntry, type SceneEntry, sceneKey } from "./scene-entry.ts";

const BLOCK_MS = 2_000;
/** Longer than a block, so that a half-open connection is noticed. */
const SOCKET_TIMEOUT_MS = 5_000;
/** A server does not look at the farewell of a connection that blocks. */
const DISCONNECT_TIMEOUT_MS = 100;
const BEFORE_THE_FIRST = "0-0";

export interface SceneFollowerOptions {
  readonly redisUrl: string;
  readonly showId: string;
  readonly log: Logger;
  readonly onChange?: (scene: CurrentScene) => void;
}

/** Knows at any moment which scene is played, as far as Redis has told: a blocking read on a connection of its own. */
export class SceneFollower implements Closable {
  readonly #connection: RedisConnection;
  readonly #options: SceneFollowerOptions;
  readonly #stop = new AbortController();
  readonly #stopped = once(this.#stop.signal, "abort").then(() => undefined);
  readonly #done: Promise<void>;
  #current: CurrentScene | undefined;

  private constructor(connection: RedisConnection, options: SceneFollowerOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#done = this.#follow();
  }

  static async start(options: SceneFollowerOptions): Promise<SceneFollower> {
    const settings = { socketTimeout: SOCKET_TIMEOUT_MS, disconnectTimeout: DISCONNECT_TIMEOUT_MS };
    const connection = await RedisConnection.connect(options.redisUrl, "patient", options.log, settings);
    return new SceneFollower(connection, options);
  }

  /** Undefined where none was ever set, or nothing was heard yet. */
  get current(): CurrentScene | undefined {
    return this.#current;
  }

  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    let last = BEFORE_THE_FIRST;
    while (!signal.aborted) {
      const entry = await this.#next(last);
      if (!entry || signal.aborted) continue;
      last = entry[0];
      this.#current = parseSceneEntry(entry);
      this.#options.onChange?.(this.#current);
    }
  }

  async #next(last: string): Promise<SceneEntry | undefined> {
    try {
      const key = sceneKey(this.#options.showId);
      const asked = this.#connection.client.xread("BLOCK", BLOCK_MS, "STREAMS", key, last);
      // A client that is between two connections keeps its commands, also when it is told to disconnect.
      const answer = await Promise.race([asked, this.#stopped]);
      return answer?.[0]?.[1].at(-1) ?? (await this.#replaced(last));
    } catch {
      // Refused, or closing. The connection itself retries for ever.
      await delay(redisRetryDelayMs(1), undefined, { signal: this.#stop.signal }).catch(() => {});
      return undefined;
    }
  }

  /**
   * The entry that is there in the place of the last one. A Redis that has lost its data, and whose clock is behind the
   * former one's, numbers from lower on, and nothing would ever come after what is known.
   */
  async #replaced(last: string): Promise<SceneEntry | undefined> {
    if (this.#stop.signal.aborted) return undefined;
    const asked = this.#connection.client.xrevrange(sceneKey(this.#options.showId), "+", "-", "COUNT", 1);
    const [newest] = (await Promise.race([asked, this.#stopped])) ?? [];
    return newest && newest[0] !== last ? newest : undefined;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    // Not with a farewell: that would wait behind the blocking read.
    this.#connection.client.disconnect();
    await this.#done;
  }
}
