import type { Closable, Logger } from "@followspot/runtime";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { QUEUE_NAME, queuePrefix, TOKEN_NAME, TOKEN_TTL_MS, type Token } from "./keys.ts";

/** The events of tokens are read by nobody; BullMQ would keep 10,000 of them. */
const MAX_QUEUE_EVENTS = 100;

/** The adding side of the queue of tokens: at most one waits for each camera. */
export class TokenQueue implements Closable {
  readonly #client: Redis;
  readonly #queue: Queue<Token>;
  /** The token of each camera that BullMQ named last, and since when (monotonic). */
  readonly #newest = new Map<string, { readonly id: string; readonly sinceMs: number }>();

  private constructor(client: Redis, queue: Queue<Token>) {
    this.#client = client;
    this.#queue = queue;
  }

  /** Uses `client`, which stays its owner's. Once open, an outage makes `add` fail at once. */
  static async open(
    client: Redis,
    { showId, log }: { readonly showId: string; readonly log: Logger },
  ): Promise<TokenQueue> {
    const queue = new Queue<Token>(QUEUE_NAME, {
      connection: client,
      prefix: queuePrefix(showId),
      streams: { events: { maxLen: MAX_QUEUE_EVENTS } },
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    // The connection's own log says that Redis is away; here it would be said a second time.
    queue.on("error", (error) => log.debug({ err: error }, "token queue"));
    await queue.waitUntilReady();
    return new TokenQueue(client, queue);
  }

  /**
   * Makes sure that a token of the camera waits. The frame that it is for must be stored, or on its way down the same
   * connection, before the call.
   */
  async add(cameraId: string): Promise<void> {
    const newest = this.#newest.get(cameraId);
    const nowMs = performance.now();
    if (newest && nowMs - newest.sinceMs > TOKEN_TTL_MS && (await this.#waits(newest.id))) return;
    const job = await this.#queue.add(
      TOKEN_NAME,
      { cam: cameraId },
      { deduplication: { id: cameraId, ttl: TOKEN_TTL_MS } },
    );
    if (job.id && job.id !== newest?.id) this.#newest.set(cameraId, { id: job.id, sinceMs: nowMs });
  }

  /**
   * The deduplication key lives for TOKEN_TTL_MS; where tokens wait longer (100 cameras and one slow recognizer, or no
   * worker at all) the queue would grow by a token a second and camera. A token that still waits is enough: who
   * takes it releases it and reads after that, so it cannot miss the frame of this call. (One that is *active* may
   * have read already, which is why the job's mere existence proves nothing.)
   */
  async #waits(id: string): Promise<boolean> {
    return (await this.#client.lpos(this.#queue.toKey("wait"), id)) !== null;
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}
