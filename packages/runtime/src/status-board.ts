import type { Redis } from "ioredis";

// KEYS reports, times. ARGV name, report, reported at, oldest kept.
const REPORT = `
redis.call("HSET", KEYS[1], ARGV[1], ARGV[2])
redis.call("ZADD", KEYS[2], ARGV[3], ARGV[1])
for _, name in ipairs(redis.call("ZRANGEBYSCORE", KEYS[2], "-inf", ARGV[4], "LIMIT", 0, 100)) do
  redis.call("HDEL", KEYS[1], name)
  redis.call("ZREM", KEYS[2], name)
end
return 1
`;

/**
 * The last report of each of several reporters, kept in Redis. A reporter that has gone stays readable, for its age
 * to be shown, until its report is older than `keepMs`.
 */
export class StatusBoard {
  readonly #client: Redis;
  readonly #key: string;
  readonly #keepMs: number;

  constructor(client: Redis, options: { readonly key: string; readonly keepMs: number }) {
    this.#client = client;
    this.#key = options.key;
    this.#keepMs = options.keepMs;
  }

  async report(name: string, report: Uint8Array, reportedAtMs: number): Promise<void> {
    const oldest = `(${reportedAtMs - this.#keepMs}`;
    await this.#client.eval(
      REPORT,
      2,
      this.#key,
      this.#timesKey,
      name,
      asBuffer(report),
      reportedAtMs,
      oldest,
    );
  }

  /** In the order of their names. */
  async readAll(): Promise<Buffer[]> {
    const reports = await this.#client.hgetallBuffer(this.#key);
    return Object.entries(reports)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, report]) => report);
  }

  async remove(name: string): Promise<void> {
    await this.#client.multi().hdel(this.#key, name).zrem(this.#timesKey, name).exec();
  }

  get #timesKey(): string {
    return `${this.#key}:times`;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
