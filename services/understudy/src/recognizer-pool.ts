import { Worker } from "node:worker_threads";
import type { PictureRecognition } from "@followspot/recognition";
import type { Closable, HealthAnswer, Logger, Metrics } from "@followspot/runtime";
import { status } from "@grpc/grpc-js";
import { GrpcFailure, invalid } from "./grpc-failure.ts";
import type { FromRecognizer, ToRecognizer } from "./recognizer-messages.ts";

export interface RecognizerPoolOptions {
  readonly threads: number;
  /** Pictures that wait for a thread, at most. */
  readonly maxWaiting: number;
  readonly log: Logger;
  readonly metrics: Metrics;
}

export interface Look {
  readonly picture: Uint8Array;
  readonly labels: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

export interface LookResult {
  readonly result: PictureRecognition;
  /** Which model looked. */
  readonly version: string;
  readonly waitedMs: number;
  readonly workedMs: number;
}

export const DROP_REASONS = ["overloaded", "cancelled", "closing"] as const;
type DropReason = (typeof DROP_REASONS)[number];

interface Job extends Look {
  readonly enqueuedAtMs: number;
  readonly resolve: (result: LookResult) => void;
  readonly reject: (failure: GrpcFailure) => void;
}

interface ModelFile {
  readonly version: string;
  readonly file: Uint8Array;
}

/** A look takes milliseconds; a thread that is busy for so long is stuck, and is replaced. */
const STUCK_AFTER_MS = 15_000;
const LOAD_DEADLINE_MS = 30_000;

/**
 * Threads that look at pictures, and a short line before them. When the line is full, the picture that has waited
 * longest gives way to the newest: its sender wants to know about now, not about then.
 */
export class RecognizerPool implements Closable {
  readonly #threads: Thread[];
  readonly #waiting: Job[] = [];
  readonly #maxWaiting: number;
  readonly #dropped;
  readonly #waitingGauge;
  #model: ModelFile | undefined;
  #closed = false;

  constructor({ threads, maxWaiting, log, metrics }: RecognizerPoolOptions) {
    this.#maxWaiting = maxWaiting;
    this.#dropped = metrics.counter("dropped_total", "pictures that were not looked at, by reason", [
      "reason",
    ]);
    this.#waitingGauge = metrics.gauge("waiting", "pictures that wait for a recognizer thread");
    const replaced = metrics.counter("threads_replaced_total", "recognizer threads that died or got stuck");
    for (const reason of DROP_REASONS) this.#dropped.inc({ reason }, 0);
    this.#threads = Array.from(
      { length: threads },
      () =>
        new Thread({
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
    return busyMs > STUCK_AFTER_MS * 2
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
  closing: new GrpcFailure(
    status.UNAVAILABLE,
    "GRPC server is shutting down and has stopped accepting new requests",
  ),
};

interface ThreadOptions {
  readonly onIdle: () => void;
  readonly onReplaced: (problem: string) => void;
}

/** One worker thread with at most one picture. One that dies or hangs is replaced by a fresh one with the same model. */
class Thread {
  readonly #options: ThreadOptions;
  readonly #loads = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  #worker: Worker;
  #job:
    | (Job & { readonly number: number; readonly startedAtMs: number; readonly version: string })
    | undefined;
  #stuck: NodeJS.Timeout | undefined;
  #numbers = 0;
  #loading = false;
  #closed = false;
  model: ModelFile | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
    this.#worker = this.#spawn();
  }

  get idle(): boolean {
    return !this.#job && !this.#loading;
  }

  get busyMs(): number {
    return this.#job ? performance.now() - this.#job.startedAtMs : 0;
  }

  load({ version, file }: ModelFile): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => {
        this.#loads.delete(version);
        reject(new Error(`a recognizer thread did not load model ${version} within ${LOAD_DEADLINE_MS} ms`));
      }, LOAD_DEADLINE_MS);
      const done = (then: () => void) => () => {
        clearTimeout(late);
        this.#loads.delete(version);
        then();
      };
      this.#loads.set(version, {
        resolve: done(resolve),
        reject: (error) => done(() => reject(error))(),
      });
      this.#say({ kind: "load", version, file });
    });
  }

  forget(version: string): void {
    this.#say({ kind: "forget", version });
  }

  run(job: Job, { version }: ModelFile): void {
    const number = ++this.#numbers;
    this.#job = { ...job, number, version, startedAtMs: performance.now() };
    this.#stuck = setTimeout(() => {
      this.#replace(`it was busy with one picture for more than ${STUCK_AFTER_MS} ms`);
    }, STUCK_AFTER_MS);
    this.#say({ kind: "recognize", job: number, version, picture: job.picture, labels: job.labels });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#stuck);
    this.#job?.reject(DROPPED.closing);
    for (const load of this.#loads.values()) load.reject(new Error("the recognizer is closing"));
    await this.#worker.terminate();
  }

  #spawn(): Worker {
    const worker = new Worker(new URL("./recognizer-thread.ts", import.meta.url));
    worker.on("message", (message: FromRecognizer) => this.#hear(message));
    worker.on("error", (error) => {
      if (worker === this.#worker) this.#replace(error.message);
    });
    worker.on("exit", (code) => {
      if (worker === this.#worker && !this.#closed) this.#replace(`it ended with code ${code}`);
    });
    return worker;
  }

  #hear(message: FromRecognizer): void {
    if (message.kind === "loaded") {
      this.#loading = false;
      this.#loads.get(message.version)?.resolve();
      this.#options.onIdle();
      return;
    }
    if (message.kind === "refused") {
      this.#loading = false;
      this.#loads.get(message.version)?.reject(new Error(message.problem));
      return;
    }
    const job = this.#job;
    if (job?.number !== message.job) return;
    this.#job = undefined;
    clearTimeout(this.#stuck);
    if (message.kind === "recognized") {
      job.resolve({
        result: message.result,
        version: job.version,
        waitedMs: job.startedAtMs - job.enqueuedAtMs,
        workedMs: performance.now() - job.startedAtMs,
      });
    } else {
      job.reject(
        message.badPicture ? invalid(message.problem) : new GrpcFailure(status.INTERNAL, message.problem),
      );
    }
    this.#options.onIdle();
  }

  #replace(problem: string): void {
    if (this.#closed) return;
    const old = this.#worker;
    clearTimeout(this.#stuck);
    const job = this.#job;
    this.#job = undefined;
    this.#worker = this.#spawn();
    old.terminate().catch(() => {});
    job?.reject(new GrpcFailure(status.INTERNAL, `the recognizer failed: ${problem}`));
    for (const load of this.#loads.values()) load.reject(new Error(`the recognizer failed: ${problem}`));
    this.#options.onReplaced(problem);
    if (this.model) {
      // Messages are heard in order, but a picture should not wait for a warm-up elsewhere than in the line.
      this.#loading = true;
      this.#say({ kind: "load", ...this.model });
    }
  }

  #say(message: ToRecognizer): void {
    this.#worker.postMessage(message);
  }
}
