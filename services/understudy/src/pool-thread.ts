import { Worker } from "node:worker_threads";
import type { PictureRecognition } from "@followspot/recognition";
import { status } from "@grpc/grpc-js";
import { GrpcFailure, invalid } from "./grpc-failure.ts";
import type { FromRecognizer, ModelFile, ToRecognizer } from "./recognizer-messages.ts";

const LOAD_DEADLINE_MS = 30_000;
/** One that dies so often without having answered anything is broken: a fresh one at once would die at once. */
const MOST_DEATHS = 3;
const REST_MS = 2_000;

export const CLOSING = new GrpcFailure(
  status.UNAVAILABLE,
  "GRPC server is shutting down and has stopped accepting new requests",
);

/** A picture to look at. */
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

/** A look that somebody waits for. */
export interface Job extends Look {
  readonly enqueuedAtMs: number;
  readonly resolve: (result: LookResult) => void;
  readonly reject: (failure: GrpcFailure) => void;
}

export interface PoolThreadOptions {
  /** What runs in the thread. */
  readonly script: URL;
  /** A thread that is busy with one picture for so long is stuck, and is replaced. */
  readonly stuckAfterMs: number;
  readonly onIdle: () => void;
  readonly onReplaced: (problem: string) => void;
}

/** One worker thread with at most one picture. One that dies or hangs is replaced by a fresh one with the same model. */
export class PoolThread {
  readonly #options: PoolThreadOptions;
  readonly #loads = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  #worker: Worker;
  #job:
    | (Job & { readonly number: number; readonly startedAtMs: number; readonly version: string })
    | undefined;
  #stuck: NodeJS.Timeout | undefined;
  #numbers = 0;
  #loading = false;
  #closed = false;
  #deaths = 0;
  #rest: NodeJS.Timeout | undefined;
  model: ModelFile | undefined;

  constructor(options: PoolThreadOptions) {
    this.#options = options;
    this.#worker = this.#spawn();
  }

  get idle(): boolean {
    return !this.#job && !this.#loading;
  }

  get busyMs(): number {
    return this.#job ? performance.now() - this.#job.startedAtMs : 0;
  }

  load(model: ModelFile): Promise<void> {
    const { version } = model;
    if (this.#closed) return Promise.reject(CLOSING);
    if (this.#rest) return Promise.reject(new Error("the recognizer thread keeps failing"));
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
      this.#say({ kind: "load", ...model });
    });
  }

  forget(version: string): void {
    this.#say({ kind: "forget", version });
  }

  run(job: Job, { version }: ModelFile): void {
    const number = ++this.#numbers;
    this.#job = { ...job, number, version, startedAtMs: performance.now() };
    const { stuckAfterMs } = this.#options;
    this.#stuck = setTimeout(() => {
      this.#replace(`it was busy with one picture for more than ${stuckAfterMs} ms`);
    }, stuckAfterMs);
    this.#say({ kind: "recognize", job: number, version, picture: job.picture, labels: job.labels });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#stuck);
    clearTimeout(this.#rest);
    this.#job?.reject(CLOSING);
    for (const load of this.#loads.values()) load.reject(CLOSING);
    await this.#worker.terminate();
  }

  #spawn(): Worker {
    const worker = new Worker(this.#options.script);
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
    this.#deaths = 0;
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
    if (this.#closed || this.#rest) return;
    const old = this.#worker;
    clearTimeout(this.#stuck);
    const job = this.#job;
    this.#job = undefined;
    old.terminate().catch(() => {});
    if (++this.#deaths <= MOST_DEATHS) this.#start();
    else {
      this.#loading = true;
      this.#rest = setTimeout(() => {
        this.#rest = undefined;
        this.#loading = false;
        this.#start();
        this.#options.onIdle();
      }, REST_MS);
    }
    job?.reject(new GrpcFailure(status.INTERNAL, `the recognizer failed: ${problem}`));
    for (const load of this.#loads.values()) load.reject(new Error(`the recognizer failed: ${problem}`));
    this.#options.onReplaced(problem);
  }

  #start(): void {
    this.#worker = this.#spawn();
    if (!this.model) return;
    // Messages are heard in order, but a picture should not wait for a warm-up elsewhere than in the line.
    this.#loading = true;
    this.#say({ kind: "load", ...this.model });
  }

  #say(message: ToRecognizer): void {
    this.#worker.postMessage(message);
  }
}
