import { setTimeout as delay } from "node:timers/promises";
import { fromBinary } from "@bufbuild/protobuf";
import { type Closable, type Logger, RedisConnection, redisRetryDelayMs } from "@followspot/runtime";
import { type Observation, ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import { OBSERVATION_FIELD, observationsKey } from "./keys.ts";

export interface ReceivedObservation {
  /** The place in the stream: what to read on from. */
  readonly id: string;
  readonly observation: Observation;
}

export interface ObservationReaderOptions {
  readonly redisUrl: string;
  readonly showId: string;
  readonly log: Logger;
  /** Told of each entry that is no observation; it is skipped. */
  readonly onMalformed?: (id: string) => void;
}

const BLOCK_MS = 1_000;
/** Longer than a block, so that a half-open connection is noticed. */
const SOCKET_TIMEOUT_MS = 3_000;
/** A server does not look at the farewell of a connection that blocks; ioredis would wait 2 s for its answer. */
const DISCONNECT_TIMEOUT_MS = 100;
const MAX_ENTRIES = 200;
/** The id before the first entry there can be. */
export const FIRST_ID = "0-0";

type Entry = readonly [id: Buffer, fields: readonly Buffer[]];

/** A reader of observations with a connection of its own, since reading blocks. One `read` at a time. */
export class ObservationReader implements Closable {
  readonly #connection: RedisConnection;
  readonly #options: ObservationReaderOptions;
  readonly #closed = new AbortController();

  private constructor(connection: RedisConnection, options: ObservationReaderOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  static async connect(options: ObservationReaderOptions): Promise<ObservationReader> {
    const settings = { socketTimeout: SOCKET_TIMEOUT_MS, disconnectTimeout: DISCONNECT_TIMEOUT_MS };
    return new ObservationReader(
      await RedisConnection.connect(options.redisUrl, "patient", options.log, settings),
      options,
    );
  }

  /** The id of the newest observation now: where to start for those who want only what comes. */
  async newestId(): Promise<string> {
    const [newest] = await this.#connection.client.xrevrange(this.#key, "+", "-", "COUNT", 1);
    return newest?.[0] ?? FIRST_ID;
  }

  /**
   * The observations after the id `after`, in order, each once, for ever: an outage is waited for and read on from where it
   * was. Ends quietly when `signal` aborts or the reader is closed.
   */
  async *read(after: string, signal: AbortSignal): AsyncGenerator<ReceivedObservation, void, undefined> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    let last = after;
    while (!stop.aborted) {
      for (const [id, fields] of await this.#next(last, stop)) {
        if (stop.aborted) return;
        last = id.toString();
        const observation = parseObservation(fields);
        if (observation) yield { id: last, observation };
        else this.#options.onMalformed?.(last);
      }
    }
  }

  /** What came after `last`, within a second; nothing on an abort. */
  async #next(last: string, stop: AbortSignal): Promise<readonly Entry[]> {
    const aborted = Promise.withResolvers<null>();
    const onAbort = () => aborted.resolve(null);
    stop.addEventListener("abort", onAbort, { once: true });
    try {
      const asked = this.#connection.client.xreadBuffer(
        "COUNT",
        MAX_ENTRIES,
        "BLOCK",
        BLOCK_MS,
        "STREAMS",
        this.#key,
        last,
      );
      const answer = await Promise.race([asked, aborted.promise]);
      return (answer?.[0]?.[1] ?? []) as unknown as readonly Entry[];
    } catch {
      // Refused: loading, or out of memory. The connection itself retries for ever.
      await delay(redisRetryDelayMs(1), undefined, { signal: stop }).catch(() => {});
      return [];
    } finally {
      stop.removeEventListener("abort", onAbort);
    }
  }

  get #key(): string {
    return observationsKey(this.#options.showId);
  }

  async close(): Promise<void> {
    this.#closed.abort();
    // Not with a farewell: that would wait behind the blocking read.
    this.#connection.client.disconnect();
  }
}

function parseObservation(fields: readonly Buffer[]): Observation | undefined {
  const at = fields.findIndex((name, index) => index % 2 === 0 && name.toString() === OBSERVATION_FIELD);
  const bytes = at < 0 ? undefined : fields[at + 1];
  try {
    const observation = bytes && fromBinary(ObservationSchema, bytes);
    return observation?.frame ? observation : undefined;
  } catch {
    return undefined;
  }
}
