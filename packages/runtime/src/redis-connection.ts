import { Redis, type RedisOptions } from "ioredis";
import type { Closable } from "./closer.ts";
import type { Logger } from "./log.ts";
import { redactUrls } from "./redact.ts";

/**
 * How a connection behaves while Redis is away.
 * - `live`: fails at once, so that a frame is dropped rather than kept waiting (camera side, status reports).
 * - `patient`: waits for ever, as BullMQ workers and blocking readers must.
 */
export type RedisPatience = "live" | "patient";

/** Replies keep the shapes that every client library agrees on. */
export type RedisSettings = Omit<RedisOptions, "replyMapping">;

const COMMAND_TIMEOUT_MS = 400;
const CONNECT_TIMEOUT_MS = 5_000;
const SOCKET_TIMEOUT_MS = 3_000;

/** Back-off between reconnects: from 50 ms to half a second, with jitter, for ever. */
export function redisRetryDelayMs(attempt: number): number {
  return Math.min(50 * 2 ** Math.min(attempt, 10), 500) + Math.random() * 100;
}

export function redisOptions(patience: RedisPatience): RedisSettings {
  const shared: RedisSettings = { retryStrategy: redisRetryDelayMs, connectTimeout: CONNECT_TIMEOUT_MS };
  if (patience === "patient") return { ...shared, maxRetriesPerRequest: null };
  return {
    ...shared,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: COMMAND_TIMEOUT_MS,
    // Notices a server that hangs with its socket open.
    socketTimeout: SOCKET_TIMEOUT_MS,
  };
}

/** Logs that Redis is away and that it is back: once an outage, not once a retry. */
export function logOutages(client: Redis, log: Logger): void {
  let logged = false;
  client.on("error", (error: Error) => {
    if (!logged) log.warn({ err: error }, "redis unreachable");
    logged = true;
  });
  client.on("ready", () => {
    if (logged) log.info("redis reachable again");
    logged = false;
  });
}

/** A connected client that its owner closes. */
export class RedisConnection implements Closable {
  readonly client: Redis;

  private constructor(client: Redis) {
    this.client = client;
  }

  /**
   * `settings` go on top of those of the patience.
   *
   * @throws Error naming the host only, when Redis does not answer; nothing stays open then.
   */
  static async connect(
    url: string,
    patience: RedisPatience,
    log: Logger,
    settings: RedisSettings = {},
  ): Promise<RedisConnection> {
    const options: RedisSettings = { ...redisOptions(patience), ...settings, lazyConnect: true };
    const client = new Redis(url, options);
    let reason: Error | undefined;
    // ioredis rejects connect() with "Connection is closed."; what happened is only said here.
    client.on("error", (error: Error) => {
      reason = error;
    });
    logOutages(client, log);
    try {
      await client.connect();
    } catch (error) {
      client.disconnect();
      throw new Error(`cannot reach Redis at ${redactUrls(url)}`, { cause: reason ?? error });
    }
    return new RedisConnection(client);
  }

  async close(): Promise<void> {
    if (this.client.status === "ready") {
      await Promise.race([
        this.client.quit().catch(() => {}),
        new Promise((resolve) => setTimeout(resolve, 500).unref()),
      ]);
    }
    this.client.disconnect();
  }
}
