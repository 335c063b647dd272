import { Worker } from "node:worker_threads";
import { isId, SeededRandom } from "@followspot/domain";
import type { Closable, Logger } from "@followspot/runtime";
import type { Frame } from "@followspot/schema/followspot/v1/frame";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import { INTEREST_DEFAULTS, type Interest, InterestWatch } from "./interest.ts";
import type { FrameToKeep, FromKeeper, KeeperData, NotKeptReason, ToKeeper } from "./keep-messages.ts";
import type { KeepReason } from "./kept-frame.ts";
import { KEEP_LIMITS, type KeepLimits } from "./quotas.ts";

export interface FrameKeeperOptions {
  /** The show's recordings/review folder; made when the first frame is kept. */
  readonly dir: string;
  readonly showId: string;
  readonly log: Logger;
  readonly onKept?: (reason: KeepReason) => void;
  readonly onNotKept?: (reason: NotKeptReason) => void;
  readonly limits?: Partial<KeepLimits>;
  readonly margin?: number;
  readonly randomShare?: number;
  /** Of the choice of random frames. */
  readonly seed?: number;
}

/** Frames on their way to the disk. A slow disk costs frames, never memory. */
const MAX_PENDING = 4;
/** How long closing waits for them. */
const CLOSE_DEADLINE_MS = 2_000;
/** A thread that dies again and again is not started for ever. */
const MAX_STARTS = 5;

/**
 * Keeps the frames of a show that a person should look at afterwards: those that the recognizer was unsure about, and
 * a few others. `offer` returns at once and never throws; everything that takes time happens in a thread.
 */
export class FrameKeeper implements Closable {
  readonly #options: FrameKeeperOptions;
  readonly #watch: InterestWatch;
  readonly #pending: KeepReason[] = [];
  #thread: Worker | undefined;
  #starts = 0;
  #closed = false;
  #idle = Promise.withResolvers<void>();
  #diskLogged = false;

  constructor(options: FrameKeeperOptions) {
    this.#options = options;
    this.#watch = new InterestWatch({
      margin: options.margin ?? INTEREST_DEFAULTS.margin,
      randomShare: options.randomShare ?? INTEREST_DEFAULTS.randomShare,
      random: new SeededRandom(options.seed ?? Date.now()),
    });
  }

  /** Called with every frame that was observed. */
  offer(frame: Frame, observation: Observation): void {
    if (this.#closed) return;
    const interest = this.#watch.judge(observation);
    const toKeep = interest && describe(this.#options.showId, observation, interest);
    if (!toKeep) return;
    if (this.#pending.length >= MAX_PENDING) return this.#options.onNotKept?.("busy");
    const thread = this.#running();
    if (!thread) return this.#options.onNotKept?.("failed");
    // A copy of its own: the frame's bytes may be a part of a larger buffer. (The slice of a Buffer is no copy.)
    const jpeg = new Uint8Array(frame.jpeg);
    this.#pending.push(interest.reason);
    thread.postMessage({ frame: toKeep, jpeg } satisfies ToKeeper, [jpeg.buffer]);
  }

  /** Waits a little for what is on its way to the disk. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#pending.length > 0) {
      const late = setTimeout(() => this.#idle.resolve(), CLOSE_DEADLINE_MS);
      await this.#idle.promise;
      clearTimeout(late);
    }
    await this.#thread?.terminate();
  }

  #running(): Worker | undefined {
    if (this.#thread || this.#starts >= MAX_STARTS) return this.#thread;
    this.#starts += 1;
    const { dir, limits } = this.#options;
    const data: KeeperData = { dir, limits: { ...KEEP_LIMITS, ...limits } };
    const thread = new Worker(new URL("./keep-thread.ts", import.meta.url), {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    // It is never what keeps a process alive.
    thread.unref();
    thread.on("message", (outcome: FromKeeper) => this.#settle(outcome));
    thread.on("error", (error) => {
      this.#options.log.error({ err: error }, "the thread that keeps frames died");
    });
    thread.on("exit", () => {
      this.#thread = undefined;
      while (this.#pending.length > 0) this.#settle({ kept: false, reason: "failed" });
    });
    this.#thread = thread;
    return thread;
  }

  #settle(outcome: FromKeeper): void {
    // Answers come in the order of the questions.
    const reason = this.#pending.shift();
    if (outcome.kept && reason) {
      this.#diskLogged = false;
      this.#options.onKept?.(reason);
    } else if (!outcome.kept) {
      this.#options.onNotKept?.(outcome.reason);
      if (outcome.reason === "disk" && !this.#diskLogged) {
        this.#diskLogged = true;
        this.#options.log.warn({ problem: outcome.problem }, "frames cannot be kept for review");
      }
    }
    if (this.#pending.length === 0) {
      this.#idle.resolve();
      this.#idle = Promise.withResolvers();
    }
  }
}

function describe(
  showId: string,
  { frame, labels, recognizer, ...observation }: Observation,
  { reason, guess, confidence }: Interest,
): FrameToKeep | undefined {
  // They become a file's name.
  if (!frame || !isId(frame.cameraId) || !isId(guess)) return undefined;
  const id = `${frame.cameraId}-${Math.round(frame.capturedAtMs)}-${frame.sequence}`;
  const seen = labels.map(({ label, score, box }) => ({
    label,
    score: clamp(score),
    ...(box && box.right > box.left && box.bottom > box.top
      ? { box: { left: box.left, top: box.top, width: box.right - box.left, height: box.bottom - box.top } }
      : {}),
  }));
  const box = seen.find(({ label }) => label === guess)?.box;
  return {
    id,
    file: `${id}.jpg`,
    reason,
    guess,
    confidence: clamp(confidence),
    ...(box ? { box } : {}),
    show: showId,
    camera: frame.cameraId,
    capturedAtMs: frame.capturedAtMs,
    width: Math.max(1, observation.width),
    height: Math.max(1, observation.height),
    light: clamp(observation.light),
    labels: seen,
    unknown: clamp(observation.unknown),
    recognizer: {
      name: recognizer?.name ?? "",
      version: recognizer?.version ?? "",
      rung: recognizer?.rung ?? "",
    },
  };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share || 0));
}
