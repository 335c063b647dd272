import type { FramePolicy, PolicyDescription } from "./frame-policy.ts";
import type { SimFrame } from "./trace.ts";

export interface Inference {
  readonly frame: SimFrame;
  readonly startedAtMs: number;
  readonly publishedAtMs: number;
}

export interface SimulationResult {
  readonly arrived: number;
  readonly inferences: readonly Inference[];
  readonly drops: Readonly<Record<string, number>>;
  /** At the end: in the policy, or with the recognizer. */
  readonly waiting: number;
}

export interface SimulationOptions {
  readonly trace: readonly SimFrame[];
  readonly cameras: number;
  /** One recognizer, one frame at a time. */
  readonly serviceMs: number;
  readonly untilMs: number;
}

/**
 * Replays a trace against one recognizer under a policy, on a virtual clock. The same input gives the same output.
 * What arrives in the very moment at which the recognizer becomes free is there in time.
 */
export function simulate(policy: PolicyDescription, options: SimulationOptions): SimulationResult {
  const drops: Record<string, number> = {};
  const frames = policy.create(options.cameras, (_frame, reason) => {
    drops[reason] = (drops[reason] ?? 0) + 1;
  });
  const recognizer = new Recognizer(frames, options.serviceMs);
  let arrived = 0;
  for (const frame of options.trace) {
    if (frame.capturedAtMs >= options.untilMs) break;
    recognizer.runUntil(frame.capturedAtMs);
    arrived += 1;
    frames.arrive(frame, recognizer.busy);
    recognizer.beginIfFree(frame.capturedAtMs);
  }
  recognizer.runUntil(options.untilMs);
  const waiting = frames.waiting().length + (recognizer.busy ? 1 : 0);
  return { arrived, inferences: recognizer.done, drops, waiting };
}

class Recognizer {
  readonly done: Inference[] = [];
  readonly #frames: FramePolicy;
  readonly #serviceMs: number;
  #inWork: Inference | undefined;
  #askAgainAtMs = Number.POSITIVE_INFINITY;

  constructor(frames: FramePolicy, serviceMs: number) {
    this.#frames = frames;
    this.#serviceMs = serviceMs;
  }

  get busy(): boolean {
    return this.#inWork !== undefined;
  }

  /** Ends, and begins, whatever is due before `nowMs`. */
  runUntil(nowMs: number): void {
    for (;;) {
      const dueMs = this.#inWork?.publishedAtMs ?? this.#askAgainAtMs;
      if (dueMs >= nowMs) return;
      if (this.#inWork) this.done.push(this.#inWork);
      this.#inWork = undefined;
      this.beginIfFree(dueMs);
    }
  }

  beginIfFree(nowMs: number): void {
    if (this.#inWork) return;
    const next = this.#frames.next(nowMs);
    this.#askAgainAtMs = Number.POSITIVE_INFINITY;
    if (!next) return;
    if ("askAgainAtMs" in next) this.#askAgainAtMs = next.askAgainAtMs;
    else this.#inWork = { frame: next, startedAtMs: nowMs, publishedAtMs: nowMs + this.#serviceMs };
  }
}
