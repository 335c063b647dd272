import { randomUUID } from "node:crypto";
import type { Closable } from "@followspot/runtime";
import type { Redis } from "ioredis";
import { RELEASE, RENEW } from "./scripts.ts";

/** Renewals within the time to live: three may fail before the lease is lost. */
const RENEWALS = 4;

/**
 * The right to append, for one holder at a time. The token is new for each holder and each term, and the log checks
 * it with every append: a holder that was asleep while another took over appends nothing.
 */
export class Lease implements Closable {
  readonly token: string;
  readonly #client: Redis;
  readonly #key: string;
  readonly #ttlMs: number;
  readonly #lost = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #validUntilMs: number;
  #renewing = false;

  private constructor(
    client: Redis,
    key: string,
    options: { token: string; ttlMs: number; sinceMs: number },
  ) {
    this.#client = client;
    this.#key = key;
    this.token = options.token;
    this.#ttlMs = options.ttlMs;
    this.#validUntilMs = options.sinceMs + options.ttlMs;
    this.#timer = setInterval(() => void this.#renew(), options.ttlMs / RENEWALS);
  }

  /** Undefined while another holds it. */
  static async acquire(client: Redis, key: string, ttlMs: number): Promise<Lease | undefined> {
    const token = randomUUID();
    const sinceMs = performance.now();
    const answer = await client.set(key, token, "PX", ttlMs, "NX");
    return answer === "OK" ? new Lease(client, key, { token, ttlMs, sinceMs }) : undefined;
  }

  /** Aborts when the lease is not certain to be held any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async #renew(): Promise<void> {
    const sinceMs = performance.now();
    if (sinceMs > this.#validUntilMs) this.#give("not renewed in time");
    if (this.#renewing || this.#lost.signal.aborted) return;
    this.#renewing = true;
    try {
      const held = await this.#client.eval(RENEW, 1, this.#key, this.token, this.#ttlMs);
      if (held === 1) this.#validUntilMs = sinceMs + this.#ttlMs;
      else this.#give("taken by another");
    } catch {
      // Redis is away: the lease stays valid until its time is up.
    } finally {
      this.#renewing = false;
    }
  }

  #give(reason: string): void {
    clearInterval(this.#timer);
    this.#lost.abort(new Error(`the lease was lost: ${reason}`));
  }

  /** Gives it back, so that another need not wait. Where Redis is away it runs out by itself. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#lost.signal.aborted) return;
    this.#lost.abort(new Error("the lease was given back"));
    await this.#client.eval(RELEASE, 1, this.#key, this.token).catch(() => {});
  }
}
