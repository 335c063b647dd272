import { setTimeout as sleep } from "node:timers/promises";
import { CameraStatusBoard, FrameDropped, FramePublisher } from "@followspot/frames";
import { type Closable, Closer, type Logger, RedisClock, RedisConnection } from "@followspot/runtime";
import type { CameraStatus, FrameHeader } from "@followspot/schema/followspot/v1/frame";
import { BackOff } from "./back-off.ts";
import type { FrameSink } from "./frame-sink.ts";

export interface RedisLinkOptions {
  readonly redisUrl: string;
  readonly showId: string;
  readonly log: Logger;
}

interface Connected {
  readonly closer: Closer;
  readonly publisher: FramePublisher;
  readonly board: CameraStatusBoard;
  readonly clock: RedisClock;
}

/**
 * The way to Redis, which may not be there yet when a camera is. Until it is, frames are dropped as during any other
 * outage; once connected, the connections mend themselves.
 */
export class RedisLink implements FrameSink, Closable {
  readonly #options: RedisLinkOptions;
  readonly #stop = new AbortController();
  #connected: Connected | undefined;
  #connecting: Promise<void>;
  /** Whether the last word of Redis was an answer. */
  #answers = false;

  private constructor(options: RedisLinkOptions) {
    this.#options = options;
    this.#connecting = this.#connect();
  }

  /** Starts connecting, and does not wait for it. */
  static open(options: RedisLinkOptions): RedisLink {
    return new RedisLink(options);
  }

  get answers(): boolean {
    return this.#answers;
  }

  nowMs(): number | undefined {
    return this.#connected?.clock.nowMs();
  }

  /** For reports: the host's clock as long as there is no better one. */
  readonly reportNowMs = (): number => this.nowMs() ?? Date.now();

  async openCamera(cameraId: string): Promise<number> {
    return await this.#watched(this.#require().publisher.openCamera(cameraId));
  }

  async publish(header: FrameHeader, jpeg: Uint8Array): Promise<void> {
    await this.#watched(this.#require().publisher.publish(header, jpeg));
  }

  /** @throws Error without Redis */
  async report(status: CameraStatus): Promise<void> {
    await this.#watched(this.#require().board.report(status));
  }

  #require(): Connected {
    if (!this.#connected) throw new FrameDropped("redis-unavailable");
    return this.#connected;
  }

  async #watched<T>(work: Promise<T>): Promise<T> {
    try {
      const value = await work;
      this.#answers = true;
      return value;
    } catch (error) {
      if (!(error instanceof FrameDropped) || error.reason === "redis-unavailable") this.#answers = false;
      throw error;
    }
  }

  async #connect(): Promise<void> {
    const backOff = new BackOff({ firstMs: 100, mostMs: 1_000 });
    const { log } = this.#options;
    // One log line for the outage, not one for each try.
    const quiet = log.child({});
    for (let attempt = 1; !this.#stop.signal.aborted; attempt += 1) {
      const closer = new Closer();
      try {
        const connected = await openAll({ ...this.#options, log: attempt === 1 ? log : quiet }, closer);
        if (this.#stop.signal.aborted) return await closer.close();
        quiet.level = log.level;
        this.#connected = connected;
        this.#answers = true;
        if (attempt > 1) log.info("redis reached");
        return;
      } catch (error) {
        await closer.close().catch(() => {});
        if (attempt === 1) log.warn({ err: error }, "waiting for redis");
        quiet.level = "silent";
        await sleep(backOff.nextMs(), undefined, { signal: this.#stop.signal }).catch(() => {});
      }
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#connecting;
    this.#answers = false;
    await this.#connected?.closer.close();
  }
}

async function openAll({ redisUrl, showId, log }: RedisLinkOptions, closer: Closer): Promise<Connected> {
  const connection = closer.add(
    "redis clock's connection",
    await RedisConnection.connect(redisUrl, "live", log),
  );
  const clock = closer.add("redis clock", await RedisClock.connect(connection.client));
  const board = closer.add("camera status board", await CameraStatusBoard.connect({ redisUrl, showId, log }));
  const publisher = closer.add("frame publisher", await FramePublisher.connect({ redisUrl, showId, log }));
  return { closer, publisher, board, clock };
}
