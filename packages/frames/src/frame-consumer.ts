import { setTimeout as delay } from "node:timers/promises";
import { fromBinary } from "@bufbuild/protobuf";
import { compareFrames, type FramePosition } from "@followspot/domain";
import type { Closable, Logger, NowMs, ProgressWatchdog } from "@followspot/runtime";
import { type Frame, FrameSchema, type FrameStamp } from "@followspot/schema/followspot/v1/frame";
import { type Job, WaitingError, Worker } from "bullmq";
import { ConsumerConnections } from "./consumer-connections.ts";
import { QUEUE_NAME, queuePrefix, type Token } from "./keys.ts";
import { NewestFrame } from "./newest-frame.ts";
import type { TokenDropReason } from "./token-drop.ts";
import { type NoTurn, type Turn, Turnstile } from "./turnstile.ts";

/** Does the work on a frame. What can be expected is its own business; what it throws is counted and logged. */
export type FrameHandler = (frame: Frame, signal: AbortSignal) => Promise<void>;

export interface FrameConsumerOptions {
  readonly redisUrl: string;
  readonly showId: string;
  /** Frames in work at once. */
  readonly concurrency: number;
  /** How long frames in work may go on after `close()`, before their signals abort. */
  readonly drainMs: number;
  /** Frames older than this, from capture to start, are not begun. */
  readonly frameMaxAgeMs: number;
  readonly nowMs: NowMs;
  readonly log: Logger;
  readonly onDropped: (reason: TokenDropReason) => void;
  /** Told how many tokens wait, once a second, and of every start. */
  readonly watchdog: ProgressWatchdog;
}

// A crashed worker's token comes back within lock + two checks. It only matters for a crash before the release.
const LOCK_MS = 2_000;
const STALLED_CHECK_MS = 1_000;
const DRAIN_DELAY_S = 1;
const RUN_RETRY_MS = 250;
const WATCH_EVERY_MS = 1_000;
/** How long BullMQ may take to finish its books once no handler runs any more. */
const BOOKS_MS = 1_000;

/**
 * Takes tokens and gives the newest frame of each one's camera to `handle`. The one place that knows how BullMQ
 * fetches, cancels and stops. Starts in its constructor and waits for Redis for ever, as BullMQ does.
 */
export class FrameConsumer implements Closable {
  /** Resolves once closed. */
  readonly finished: Promise<void>;
  readonly #handle: FrameHandler;
  readonly #options: FrameConsumerOptions;
  readonly #connections: ConsumerConnections;
  readonly #turns: Turnstile;
  readonly #worker: Worker<Token>;
  readonly #watch: NodeJS.Timeout;
  /** The newest frame begun by this worker, by camera. */
  readonly #begun = new Map<string, FramePosition>();
  readonly #closed = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  constructor(handle: FrameHandler, options: FrameConsumerOptions) {
    this.#handle = handle;
    this.#options = options;
    this.finished = this.#closed.promise;
    this.#connections = new ConsumerConnections(options.redisUrl, options.log);
    const newest = new NewestFrame(this.#connections.client, options.showId);
    this.#turns = new Turnstile(newest, options.concurrency);
    this.#worker = new Worker<Token>(
      QUEUE_NAME,
      // Three plain parameters: BullMQ looks at the function's length before it makes a signal.
      async (job, lock, signal) => {
        if ((await this.#process(job, signal ?? NEVER)) !== "closed") return;
        // Nobody has read for this token: a worker that goes on must, or the last frame of a burst would go with us.
        await job.moveToWait(lock);
        throw new WaitingError();
      },
      {
        connection: this.#connections.client,
        prefix: queuePrefix(options.showId),
        concurrency: Turnstile.atHand(options.concurrency),
        lockDuration: LOCK_MS,
        stalledInterval: STALLED_CHECK_MS,
        maxStalledCount: 1,
        drainDelay: DRAIN_DELAY_S,
        runRetryDelay: RUN_RETRY_MS,
        removeOnComplete: { count: 0 },
        removeOnFail: { count: 0 },
      },
    );
    // Mostly "missing lock" after an outage: the token went to somebody else, and the fence decides.
    this.#worker.on("error", (error) => options.log.debug({ err: error }, "token worker"));
    this.#worker.on("lockRenewalFailed", (ids) => {
      for (const id of ids) this.#worker.cancelJob(id, "lock lost");
    });
    this.#watch = setInterval(() => void this.#observe(), WATCH_EVERY_MS).unref();
  }

  get concurrency(): number {
    return this.#turns.places;
  }

  /** How many frames may be in work at once, from now on. */
  set concurrency(frames: number) {
    this.#turns.places = frames;
    this.#worker.concurrency = Turnstile.atHand(frames);
  }

  /** Whether Redis answers as far as we know. */
  get connected(): boolean {
    return this.#connections.client.status === "ready";
  }

  /** "closed" where the token was not begun, since this worker stops. */
  async #process(job: Job<Token>, signal: AbortSignal): Promise<"closed" | undefined> {
    const { log, onDropped, watchdog } = this.#options;
    let turn: Turn | NoTurn | undefined;
    try {
      turn = await this.#turns.enter({ id: job.id ?? "", cameraId: job.data.cam }, signal);
      if (turn === "closed") return turn;
      if (turn !== "merged") watchdog.progressed();
      const frame = turn === "merged" ? "superseded" : this.#accept(turn.bytes);
      if (typeof frame === "string") onDropped(frame);
      else await this.#handle(frame, signal);
    } catch (error) {
      onDropped(signal.aborted ? "canceled" : "failed");
      if (!signal.aborted) log.warn({ err: error, cameraId: job.data.cam }, "frame failed");
    } finally {
      if (typeof turn === "object") turn.end();
    }
    return undefined;
  }

  /** The frame to work on, or why there is nothing to do. */
  #accept(bytes: Buffer | undefined): Frame | TokenDropReason {
    const { nowMs, frameMaxAgeMs } = this.#options;
    if (!bytes) return "image-gone";
    const frame = parseFrame(bytes);
    const stamp = frame?.header?.stamp;
    if (!frame || !stamp) return "malformed";
    if (nowMs() - stamp.capturedAtMs > frameMaxAgeMs) return "stale";
    return this.#begin(stamp) ? frame : "superseded";
  }

  #begin(stamp: FrameStamp): boolean {
    const newest = this.#begun.get(stamp.cameraId);
    if (newest && compareFrames(stamp, newest) <= 0) return false;
    this.#begun.set(stamp.cameraId, { run: stamp.run, sequence: stamp.sequence });
    return true;
  }

  async #observe(): Promise<void> {
    const { watchdog, showId } = this.#options;
    // Without Redis nothing can be started, and a restart of this process would not help.
    if (!this.connected) return watchdog.observed(0);
    try {
      const queued = await this.#connections.client.llen(`${queuePrefix(showId)}:${QUEUE_NAME}:wait`);
      watchdog.observed(queued + this.#turns.waiting);
    } catch {
      watchdog.observed(0);
    }
  }

  /**
   * Takes no more tokens, lets the frames in work finish for `drainMs`, then aborts their signals. Ends in bounded
   * time also without Redis, and while starting. Later calls get the same promise.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#watch);
    // First of all, so that BullMQ knows of the end when its connections go.
    const closed = this.#worker.close();
    this.#turns.close();
    if (this.connected) await this.#drain(closed);
    else this.#worker.cancelAllJobs("stopping without redis");
    await within(BOOKS_MS, this.#connections.giveUp());
    await within(BOOKS_MS, closed);
    this.#closed.resolve();
  }

  async #drain(closed: Promise<void>): Promise<void> {
    const { drainMs } = this.#options;
    const cancel = setTimeout(() => this.#worker.cancelAllJobs("stopping"), drainMs);
    await within(drainMs + BOOKS_MS, closed);
    clearTimeout(cancel);
  }
}

/** Waits for `work`, but no longer than `ms`. Its failure is no news: what can fail here is saying goodbye. */
async function within(ms: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const ended = work.catch(() => {}).finally(() => done.abort());
  await Promise.race([ended, delay(ms, undefined, { signal: done.signal }).catch(() => {})]);
}

const NEVER = new AbortController().signal;

function parseFrame(bytes: Buffer): Frame | undefined {
  try {
    return fromBinary(FrameSchema, bytes);
  } catch {
    return undefined;
  }
}
