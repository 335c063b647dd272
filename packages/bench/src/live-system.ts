import { setTimeout as delay } from "node:timers/promises";
import { CameraStatusBoard } from "@followspot/frames";
import { ObservationReader, WorkerStatusBoard } from "@followspot/observations";
import { freePort, PrivateRedis } from "@followspot/redis-server";
import { type Closable, Closer, createLogger, type Logger, RedisConnection } from "@followspot/runtime";
import { BenchProcess } from "./bench-process.ts";
import { BENCH_SHOW_ID, BenchShow } from "./bench-show.ts";
import type { Watched } from "./cost-meter.ts";

export interface LiveSystemOptions {
  readonly cameras: number;
  readonly fps: number;
  /** As in show.yaml. */
  readonly recognizer?: object;
}

type Env = Readonly<Record<string, string>>;

/** A show, a private Redis, and whatever processes a bench puts round them. Closing ends them, newest first. */
export class LiveSystem implements Closable {
  readonly redisUrl: string;
  readonly #client: RedisConnection;
  readonly #show: BenchShow;
  readonly #log: Logger;
  readonly #closer: Closer;
  readonly #processes: Watched[];

  private constructor(parts: {
    readonly redis: PrivateRedis;
    readonly client: RedisConnection;
    readonly show: BenchShow;
    readonly log: Logger;
    readonly closer: Closer;
  }) {
    this.#client = parts.client;
    this.#show = parts.show;
    this.#log = parts.log;
    this.#closer = parts.closer;
    this.#processes = [{ name: "redis", pid: parts.redis.pid ?? 0 }];
    this.redisUrl = parts.redis.url;
  }

  /** @throws UserError where there is no Redis server. */
  static async start(options: LiveSystemOptions): Promise<LiveSystem> {
    const closer = new Closer();
    const log = createLogger("bench");
    // What goes wrong is thrown, or is in the figures; the report goes to the terminal.
    log.level = "silent";
    try {
      const show = closer.add("show", await BenchShow.write(options));
      // As in live use: what is acknowledged is in the append-only file.
      const redis = closer.add("redis", await PrivateRedis.start({ appendOnly: true }));
      const client = closer.add("client", await RedisConnection.connect(redis.url, "live", log));
      return new LiveSystem({ redis, client, show, log, closer });
    } catch (error) {
      await closer.close();
      throw error;
    }
  }

  /** Starts one of the services, or of the bench's own processes, with what all of them need. */
  async startProcess(name: string, entry: string, env: Env = {}): Promise<BenchProcess> {
    const common = { REDIS_URL: this.redisUrl, FOLLOWSPOT_SHOW: this.#show.dir, FOLLOWSPOT_TOKENS: "" };
    const process = await BenchProcess.start({ name, entry, env: { ...common, ...env } });
    this.#closer.add(name, process);
    this.#processes.push({ name, pid: process.pid });
    return process;
  }

  /** Starts a service on a free port, and waits until it is ready. */
  async startService(
    name: string,
    env: Env = {},
  ): Promise<{ readonly url: string; readonly process: BenchProcess }> {
    const port = await freePort();
    const process = await this.startProcess(name, `services/${name}/src/main.ts`, {
      PORT: String(port),
      ...env,
    });
    const url = `http://127.0.0.1:${port}`;
    await untilReady(url, name);
    return { url, process };
  }

  get watched(): readonly Watched[] {
    return this.#processes;
  }

  info(section: string): Promise<string> {
    return this.#client.client.info(section);
  }

  /** Round trips of a PING, `perSecond` times a second, until `signal` aborts. */
  async pingTimes(perSecond: number, signal: AbortSignal): Promise<number[]> {
    const times: number[] = [];
    while (!signal.aborted) {
      await delay(1_000 / perSecond);
      const sentMs = performance.now();
      await this.#client.client.ping();
      times.push(performance.now() - sentMs);
    }
    return times;
  }

  async redisTimeMs(): Promise<number> {
    const [seconds = 0, microseconds = 0] = (await this.#client.client.time()).map(Number);
    return seconds * 1_000 + microseconds / 1_000;
  }

  async memoryBytes(): Promise<number> {
    return Number(/^used_memory:(\d+)/m.exec(await this.info("memory"))?.[1] ?? 0);
  }

  /** Drops that services counted so far, by `service: reason`. */
  async drops(): Promise<Record<string, number>> {
    const wire = { redisUrl: this.redisUrl, showId: BENCH_SHOW_ID, log: this.#log };
    const cameras = await CameraStatusBoard.connect(wire);
    const workers = await WorkerStatusBoard.connect(wire);
    try {
      const drops: Record<string, number> = {};
      const add = (service: string, dropped: Readonly<Record<string, number>>) => {
        for (const [reason, n] of Object.entries(dropped)) {
          drops[`${service}: ${reason}`] = (drops[`${service}: ${reason}`] ?? 0) + n;
        }
      };
      for (const { dropped } of await cameras.readAll()) add("ingest", dropped);
      for (const { dropped } of await workers.readAll()) add("worker", dropped);
      return drops;
    } finally {
      await cameras.close();
      await workers.close();
    }
  }

  /** A reader of the observations, to see when Redis appended them. */
  async observationReader(): Promise<ObservationReader> {
    const wire = { redisUrl: this.redisUrl, showId: BENCH_SHOW_ID, log: this.#log };
    return this.#closer.add("observation reader", await ObservationReader.connect(wire));
  }

  close(): Promise<void> {
    return this.#closer.close();
  }
}

const READY_DEADLINE_MS = 30_000;
const ASK_EVERY_MS = 50;

async function untilReady(url: string, name: string): Promise<void> {
  const deadlineMs = performance.now() + READY_DEADLINE_MS;
  let said = "nothing";
  while (performance.now() < deadlineMs) {
    try {
      const response = await fetch(`${url}/health/ready`);
      said = await response.text();
      if (response.ok) return;
    } catch {
      // Not listening yet.
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
  throw new Error(`${name} was not ready within ${READY_DEADLINE_MS} ms; it said: ${said}`);
}

/** What was counted between two looks. */
export function countedBetween(
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): Record<string, number> {
  const names = Object.keys(after).filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
  return Object.fromEntries(names.map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]));
}
