import type { Closable, HealthAnswer, Logger, Metrics } from "@followspot/runtime";
import { status } from "@grpc/grpc-js";
import { GrpcFailure } from "./grpc-failure.ts";
import { CLOSING, type Job, type Look, type LookResult, PoolThread } from "./pool-thread.ts";
import type { ModelFile } from "./recognizer-messages.ts";

export interface RecognizerPoolOptions {
  readonly threads: number;
  /** Pictures that wait for a thread, at most. */
  readonly maxWaiting: number;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** What runs in the threads, and how long it may be busy with one picture; for tests. */
  readonly script?: URL;
  readonly stuckAfterMs?: number;
}

export const DROP_REASONS = ["overloaded", "cancelled", "closing"] as const;
type DropReason = (typeof DROP_REASONS)[number];

/** A look takes milliseconds. */
const STUCK_AFTER_MS = 15_000;
const RECOGNIZER = new URL("./recognizer-thread.ts", import.meta.url);

/**
 * Threads that look at pictures, and a short line before them. When the line is full, the picture that has waited
 * longest gives way to the newest: its sender wants to know about now, not about then.
 */
export class RecognizerPool implements Closable {
  readonly #threads: PoolThread[];
  readonly #stuckAfterMs: number;
  readonly #waiting: Job[] = [];
  readonly #maxWaiting: number;
  readonly #dropped;
  readonly #waitingGauge;
  #model: ModelFile | undefined;
  #closed = false;

  constructor({
    threads,
    maxWaiting,
    log,
    metrics,
    script = RECOGNIZER,
    stuckAfterMs = STUCK_AFTER_MS,
  }: RecognizerPoolOptions) {
    this.#maxWaiting = maxWaiting;
    this.#stuckAfterMs = stuckAfterMs;
    this.#dropped = metrics.counter("dropped_total", "pictures that were not looked at, by reason", [
      "reason",
    ]);
    this.#waitingGauge = metrics.gauge("waiting", "pictures that wait for a recognizer thread");
    const replaced = metrics.counter("threads_replaced_total", "recognizer threads that died or got stuck");
    for (const reason of DROP_REASONS) this.#dropped.inc({ reason }, 0);
    this.#threads = Array.from(
      { length: threads },
      () =>
        new PoolThread({
          script,
          stuckAfterMs,
          onIdle: () => this.#next(),
          onReplaced: (problem) => {
            replaced.inc();
            log.error({ problem }, "recognizer thread replaced");
          },
        }),
    );
  }

  get threads(): number {
    return this.#threads.length;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  readonly check = (): HealthAnswer => {
    const busyMs = Math.max(...this.#threads.map((thread) => thread.busyMs));
    return busyMs > this.#stuckAfterMs * 2
      ? { ok: false, detail: `a recognizer thread has been busy for ${Math.round(busyMs)} ms` }
      : {
          ok: true,
          detail: `${this.#threads.length} recognizer threads, ${this.#waiting.length} pictures wait`,
        };
  };

  /**
   * Hands a model to every thread; then, and only then, pictures go to it.
   * @throws Error the sentence of the thread that refused it; the model before stays in force.
   */
  async load(model: ModelFile): Promise<void> {
    const loads = await Promise.allSettled(this.#threads.map((thread) => thread.load(model)));
    const refusal = loads.find((load) => load.status === "rejected");
    if (refusal) {
      if (model.version !== this.#model?.version)
        for (const thread of this.#threads) thread.forget(model.version);
      throw refusal.reason;
    }
    const before = this.#model;
    this.#model = model;
    for (const thread of this.#threads) {
      thread.model = model;
      if (before && before.version !== model.version) thread.forget(before.version);
    }
  }

  /** @throws GrpcFailure INVALID_ARGUMENT, RESOURCE_EXHAUSTED, CANCELLED, UNAVAILABLE or INTERNAL */
  look(look: Look): Promise<LookResult> {
    if (this.#closed) return Promise.reject(this.#drop("closing"));
    if (look.signal.aborted) return Promise.reject(this.#drop("cancelled"));
    return new Promise((resolve, reject) => {
      const job: Job = { ...look, enqueuedAtMs: performance.now(), resolve, reject };
      look.signal.addEventListener("abort", () => this.#forget(job), { once: true });
      this.#waiting.push(job);
      if (this.#waiting.length > this.#maxWaiting) this.#waiting.shift()?.reject(this.#drop("overloaded"));
      this.#next();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.reject(this.#drop("closing"));
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  #next(): void {
    const model = this.#model;
    while (model && this.#waiting.length > 0) {
      const thread = this.#threads.find((one) => one.idle);
      const job = thread && this.#waiting.shift();
      if (!job) break;
      thread.run(job, model);
    }
    this.#waitingGauge.set(this.#waiting.length);
  }

  #forget(job: Job): void {
    const at = this.#waiting.indexOf(job);
    if (at >= 0) this.#waiting.splice(at, 1);
    // What a thread is busy with cannot be stopped; its answer is for nobody.
    job.reject(at >= 0 ? this.#drop("cancelled") : DROPPED.cancelled);
    this.#waitingGauge.set(this.#waiting.length);
  }

  #drop(reason: DropReason): GrpcFailure {
    this.#dropped.inc({ reason });
    return DROPPED[reason];
  }
}

const DROPPED: Record<DropReason, GrpcFailure> = {
  overloaded: new GrpcFailure(
    status.RESOURCE_EXHAUSTED,
    "Exceeds maximum queue size: the picture that waited longest gave way to a newer one",
  ),
  cancelled: new GrpcFailure(status.CANCELLED, "the call was cancelled"),
  closing: CLOSING,
};
