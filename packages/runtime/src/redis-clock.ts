import type { Redis } from "ioredis";
import type { Closable } from "./closer.ts";

const PROBES = 5;
const REFRESH_MS = 10_000;

/** Says what time it is, in milliseconds since the Unix epoch (with a fraction). */
export type NowMs = () => number;

/**
 * The one clock of the system: Redis server time, kept locally as an offset to this process's monotonic clock.
 * The offset is that of the probe with the shortest round trip (error at most half of it; Cristian's algorithm)
 * and is measured again every 10 s, so a host with a wrong or jumping clock changes nothing.
 */
export class RedisClock implements Closable {
  readonly #client: Redis;
  readonly #timer: NodeJS.Timeout;
  #offsetMs = 0;
  #errorMs = Number.POSITIVE_INFINITY;

  private constructor(client: Redis) {
    this.#client = client;
    this.#timer = setInterval(() => void this.#measure().catch(() => {}), REFRESH_MS).unref();
  }

  static async connect(client: Redis): Promise<RedisClock> {
    const clock = new RedisClock(client);
    try {
      await clock.#measure();
    } catch (error) {
      await clock.close();
      throw error;
    }
    return clock;
  }

  /** Bound so that it can be handed on as a plain function. */
  readonly nowMs: NowMs = () => performance.now() + this.#offsetMs;

  /** Upper bound of the offset's error at the last measurement, in milliseconds. */
  get errorMs(): number {
    return this.#errorMs;
  }

  async #measure(): Promise<void> {
    let best = Number.POSITIVE_INFINITY;
    let offset = this.#offsetMs;
    for (let probe = 0; probe < PROBES; probe += 1) {
      const sentMs = performance.now();
      const [seconds, micros] = await this.#client.time();
      const roundTripMs = performance.now() - sentMs;
      if (roundTripMs >= best) continue;
      best = roundTripMs;
      offset = Number(seconds) * 1_000 + Number(micros) / 1_000 - (sentMs + roundTripMs / 2);
    }
    this.#offsetMs = offset;
    this.#errorMs = best / 2;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
  }
}
