import { setTimeout as delay } from "node:timers/promises";
import { toBinary } from "@bufbuild/protobuf";
import { type Closable, type Logger, RedisConnection, redisRetryDelayMs } from "@followspot/runtime";
import { type Observation, ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import { Fence } from "./fence.ts";

/** `superseded`: an observation of the same or of a newer frame of the camera was published before. */
export type PublishOutcome = "published" | "superseded";

/** The worker's end of the wire. */
export class ObservationPublisher implements Closable {
  readonly #connection: RedisConnection;
  readonly #fence: Fence;

  private constructor(connection: RedisConnection, showId: string) {
    this.#connection = connection;
    this.#fence = new Fence(connection.client, showId);
  }

  static async connect(options: {
    readonly redisUrl: string;
    readonly showId: string;
    readonly log: Logger;
  }): Promise<ObservationPublisher> {
    const connection = await RedisConnection.connect(options.redisUrl, "live", options.log);
    return new ObservationPublisher(connection, options.showId);
  }

  /**
   * Tries until Redis has acknowledged, or `signal` aborts. An attempt without an answer may have arrived or not; the
   * fence refuses the second copy, so trying again is safe.
   *
   * @throws the signal's reason; the observation may be there or not.
   */
  async publish(observation: Observation, signal: AbortSignal = NEVER): Promise<PublishOutcome> {
    const { frame } = observation;
    if (!frame) throw new TypeError("an observation needs the stamp of its frame");
    const bytes = toBinary(ObservationSchema, observation);
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        const answer = await this.#fence.append(frame, bytes);
        if (answer === "appended") return "published";
        // After an attempt without an answer, the copy that is there is (as good as) that one.
        return answer === "same" && attempt > 1 ? "published" : "superseded";
      } catch {
        // The connection's log says that Redis is away. Whatever refused this attempt may let the next one pass.
        await delay(redisRetryDelayMs(attempt), undefined, { signal }).catch(() => {});
      }
    }
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}

const NEVER = new AbortController().signal;
