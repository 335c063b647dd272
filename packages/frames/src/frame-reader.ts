import { fromBinary } from "@bufbuild/protobuf";
import { type Closable, type Logger, RedisConnection } from "@followspot/runtime";
import { type Frame, FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { newestFrameKey } from "./keys.ts";

/** Shows what a camera sees, to a person. Takes no token and keeps no worker from its frame. */
export class FrameReader implements Closable {
  readonly #connection: RedisConnection;
  readonly #showId: string;

  private constructor(connection: RedisConnection, showId: string) {
    this.#connection = connection;
    this.#showId = showId;
  }

  static async connect(options: {
    readonly redisUrl: string;
    readonly showId: string;
    readonly log: Logger;
  }): Promise<FrameReader> {
    return new FrameReader(
      await RedisConnection.connect(options.redisUrl, "live", options.log),
      options.showId,
    );
  }

  /** Undefined where the camera has sent nothing within the last second. @throws Error at once, without Redis. */
  async newest(cameraId: string): Promise<Frame | undefined> {
    const bytes = await this.#connection.client.getBuffer(newestFrameKey(this.#showId, cameraId));
    return bytes ? fromBinary(FrameSchema, bytes) : undefined;
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}
