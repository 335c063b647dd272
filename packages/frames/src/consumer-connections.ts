import { type Logger, logOutages, redisOptions, redisRetryDelayMs } from "@followspot/runtime";
import { Redis, type RedisOptions } from "ioredis";

/** Longer than any command of the worker blocks (a second), so that a half-open connection is noticed. */
const SOCKET_TIMEOUT_MS = 3_000;
/** A server does not look at the farewell of a connection that blocks; ioredis would wait 2 s for its answer. */
const DISCONNECT_TIMEOUT_MS = 100;

/**
 * The connections of a BullMQ worker: ours and the copy that BullMQ makes of it to block on. They can be given up while
 * Redis is away, which BullMQ cannot: it would wait for the farewell of a connection that there is not.
 */
export class ConsumerConnections {
  readonly client: Redis;
  readonly #all: Redis[] = [];
  #givenUp = false;

  constructor(url: string, log: Logger) {
    this.client = new Redis(url, {
      ...redisOptions("patient"),
      retryStrategy: (attempt) => (this.#givenUp ? null : redisRetryDelayMs(attempt)),
      socketTimeout: SOCKET_TIMEOUT_MS,
      disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    });
    logOutages(this.client, log);
    this.#all.push(this.client);
    const duplicate = this.client.duplicate.bind(this.client);
    this.client.duplicate = (override?: Partial<RedisOptions>) => {
      const copy = duplicate(override);
      // BullMQ listens too, but lets go of it before the last error.
      copy.on("error", () => {});
      this.#all.push(copy);
      return copy;
    };
  }

  /** Ends all connections; commands without an answer are rejected. */
  async giveUp(): Promise<void> {
    this.#givenUp = true;
    await Promise.all(this.#all.map(ended));
  }
}

async function ended(client: Redis): Promise<void> {
  if (client.status === "end") return;
  const end = new Promise<void>((resolve) => client.once("end", () => resolve()));
  client.disconnect();
  // Between two attempts that only stops the timer, and leaves the commands waiting for ever: one more attempt, which
  // is not repeated, lets go of them.
  if (client.status === "reconnecting") {
    client.once("connect", () => client.disconnect());
    client.connect().catch(() => {});
  }
  await end;
}
