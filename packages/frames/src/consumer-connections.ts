import { type Logger, logOutages, redisOptions } from "@followspot/runtime";
import { Redis, type RedisOptions } from "ioredis";

/** Longer than any command of the worker blocks (a second), so that a half-open connection is noticed. */
const SOCKET_TIMEOUT_MS = 3_000;

/**
 * The connections of a BullMQ worker: ours and the copy that BullMQ makes of it to block on. BullMQ closes its copy only
 * once that has been connected; without Redis nobody would.
 */
export class ConsumerConnections {
  readonly client: Redis;
  readonly #copies: Redis[] = [];

  constructor(url: string, log: Logger) {
    this.client = new Redis(url, {
      ...redisOptions("patient"),
      socketTimeout: SOCKET_TIMEOUT_MS,
    });
    logOutages(this.client, log);
    const duplicate = this.client.duplicate.bind(this.client);
    this.client.duplicate = (override?: Partial<RedisOptions>) => {
      const copy = duplicate(override);
      // BullMQ listens too, but lets go of it before the last error.
      copy.on("error", () => {});
      this.#copies.push(copy);
      return copy;
    };
  }

  /** At once: commands without an answer are rejected. */
  close(): void {
    for (const client of [this.client, ...this.#copies]) client.disconnect();
  }
}
