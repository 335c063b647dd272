import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Closable, type Logger, RedisConnection, StatusBoard, showKey } from "@followspot/runtime";
import { type CameraStatus, CameraStatusSchema } from "@followspot/schema/followspot/v1/frame";

/** A camera that was taken out of the show is forgotten after a day. */
const KEEP_MS = 24 * 60 * 60 * 1_000;

/** What every camera last said about itself. How old that is, `reportedAtMs` tells. */
export class CameraStatusBoard implements Closable {
  readonly #connection: RedisConnection;
  readonly #board: StatusBoard;

  private constructor(connection: RedisConnection, showId: string) {
    this.#connection = connection;
    this.#board = new StatusBoard(connection.client, { key: showKey(showId, "cameras"), keepMs: KEEP_MS });
  }

  static async connect(options: {
    readonly redisUrl: string;
    readonly showId: string;
    readonly log: Logger;
  }): Promise<CameraStatusBoard> {
    const connection = await RedisConnection.connect(options.redisUrl, "live", options.log);
    return new CameraStatusBoard(connection, options.showId);
  }

  /** @throws Error within half a second, without Redis: the next report is due soon enough. */
  async report(status: CameraStatus): Promise<void> {
    await this.#board.report(status.cameraId, toBinary(CameraStatusSchema, status), status.reportedAtMs);
  }

  /** In the order of the camera ids. @throws Error within half a second, without Redis. */
  async readAll(): Promise<CameraStatus[]> {
    return (await this.#board.readAll()).map((bytes) => fromBinary(CameraStatusSchema, bytes));
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}
