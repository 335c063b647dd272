import { create, toBinary } from "@bufbuild/protobuf";
import { type Closable, type Logger, RedisConnection } from "@followspot/runtime";
import { type FrameHeader, FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { openCamera } from "./camera-run.ts";
import { FrameDropped } from "./frame-dropped.ts";
import { FRAME_KEEP_MS, newestFrameKey } from "./keys.ts";
import { TokenQueue } from "./token-queue.ts";

/** A picture of the recognizer's size has a tenth of that. */
export const MAX_FRAME_BYTES = 2 * 1024 * 1024;

/** Frames of one camera that may wait for Redis at once; the timeout of a command bounds how long. */
const MAX_IN_FLIGHT = 2;

export interface FramePublisherOptions {
  readonly redisUrl: string;
  readonly showId: string;
  readonly log: Logger;
  /** How long a frame can be read; FRAME_KEEP_MS where left out. Memory is bounded without it: one frame a camera. */
  readonly frameKeepMs?: number;
}

/**
 * The camera side of the wire. Puts the newest frame of a camera where workers find it and a token into the queue,
 * or gives the frame up within half a second: a camera never waits for Redis.
 */
export class FramePublisher implements Closable {
  readonly #connection: RedisConnection;
  readonly #tokens: TokenQueue;
  readonly #showId: string;
  readonly #frameKeepMs: number;
  readonly #inFlight = new Map<string, number>();

  private constructor(connection: RedisConnection, tokens: TokenQueue, options: FramePublisherOptions) {
    this.#connection = connection;
    this.#tokens = tokens;
    this.#showId = options.showId;
    this.#frameKeepMs = options.frameKeepMs ?? FRAME_KEEP_MS;
  }

  /** @throws Error naming the host only, when Redis does not answer. Later outages only drop frames. */
  static async connect(options: FramePublisherOptions): Promise<FramePublisher> {
    const connection = await RedisConnection.connect(options.redisUrl, "live", options.log);
    try {
      const tokens = await TokenQueue.open(connection.client, options);
      return new FramePublisher(connection, tokens, options);
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  /** The run number for a camera that was just opened: above all that came before. @throws Error without Redis. */
  openCamera(cameraId: string): Promise<number> {
    return openCamera(this.#connection.client, this.#showId, cameraId);
  }

  /** The frame's place is `header.stamp`: a run from `openCamera`, a rising sequence. @throws FrameDropped */
  async publish(header: FrameHeader, jpeg: Uint8Array): Promise<void> {
    const cameraId = header.stamp?.cameraId;
    if (!cameraId) throw new TypeError("a frame needs a stamp with a camera id");
    if (jpeg.byteLength > MAX_FRAME_BYTES) throw new FrameDropped("too-large");
    const inFlight = this.#inFlight.get(cameraId) ?? 0;
    if (inFlight >= MAX_IN_FLIGHT) throw new FrameDropped("backlog");
    this.#inFlight.set(cameraId, inFlight + 1);
    try {
      await this.#put(cameraId, toBinary(FrameSchema, create(FrameSchema, { header, jpeg })));
    } catch (cause) {
      throw new FrameDropped("redis-unavailable", { cause });
    } finally {
      this.#inFlight.set(cameraId, (this.#inFlight.get(cameraId) ?? 1) - 1);
    }
  }

  async #put(cameraId: string, frame: Uint8Array): Promise<void> {
    const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
    const key = newestFrameKey(this.#showId, cameraId);
    // Both go down one connection, so Redis sees the frame before the token without a wait in between.
    const stored = this.#connection.client.set(key, bytes, "PX", this.#frameKeepMs);
    await Promise.all([stored, this.#tokens.add(cameraId)]);
  }

  async close(): Promise<void> {
    await this.#tokens.close();
    await this.#connection.close();
  }
}
