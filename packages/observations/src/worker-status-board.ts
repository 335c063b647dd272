import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { type Closable, type Logger, RedisConnection, StatusBoard, showKey } from "@followspot/runtime";
import { type WorkerStatus, WorkerStatusSchema } from "@followspot/schema/followspot/v1/observation";

/** A restarted worker has a new id; the old one is shown as gone for a minute. */
const KEEP_MS = 60_000;

/** What every worker last said about itself. How old that is, `reportedAtMs` tells. */
export class WorkerStatusBoard implements Closable {
  readonly #connection: RedisConnection;
  readonly #board: StatusBoard;

  private constructor(connection: RedisConnection, showId: string) {
    this.#connection = connection;
    this.#board = new StatusBoard(connection.client, { key: showKey(showId, "workers"), keepMs: KEEP_MS });
  }

  static async connect(options: {
    readonly redisUrl: string;
    readonly showId: string;
    readonly log: Logger;
  }): Promise<WorkerStatusBoard> {
    const connection = await RedisConnection.connect(options.redisUrl, "live", options.log);
    return new WorkerStatusBoard(connection, options.showId);
  }

  /** @throws Error within half a second, without Redis: the next report is due soon enough. */
  async report(status: WorkerStatus): Promise<void> {
    await this.#board.report(status.workerId, toBinary(WorkerStatusSchema, status), status.reportedAtMs);
  }

  /** In the order of the worker ids. @throws Error within half a second, without Redis. */
  async readAll(): Promise<WorkerStatus[]> {
    return (await this.#board.readAll()).map((bytes) => fromBinary(WorkerStatusSchema, bytes));
  }

  /** For a worker that leaves in good order. */
  async remove(workerId: string): Promise<void> {
    await this.#board.remove(workerId);
  }

  async close(): Promise<void> {
    await this.#connection.close();
  }
}
