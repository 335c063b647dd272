import type { Metrics, NowMs } from "@followspot/runtime";
import type { Frame } from "@followspot/schema/followspot/v1/frame";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import { FRAME_DROP_REASONS, type FrameDropReason } from "./drop-reason.ts";

/** Recent model times that the median is taken of. */
const RECENT = 101;

/** Counts what happens to frames: for Prometheus, and for the worker's own report. */
export class WorkerStats {
  observed = 0;
  readonly dropped: Partial<Record<FrameDropReason, number>> = {};
  readonly #recentModelMs: number[] = [];
  readonly #nowMs: NowMs;
  readonly #received;
  readonly #observedTotal;
  readonly #droppedTotal;
  readonly #ageAtStart;
  readonly #ageAtPublish;
  readonly #model;

  constructor(metrics: Metrics, nowMs: NowMs) {
    this.#nowMs = nowMs;
    this.#received = metrics.counter("frames_received_total", "Frames whose work was begun");
    this.#observedTotal = metrics.counter("frames_observed_total", "Frames whose observation was published");
    this.#droppedTotal = metrics.counter(
      "frames_dropped_total",
      "Tokens and frames that led to no observation",
      ["reason"],
    );
    // A reason that has not occurred yet is 0, not absent: a rate over it must not miss the first one.
    for (const reason of FRAME_DROP_REASONS) this.#droppedTotal.inc({ reason }, 0);
    this.#ageAtStart = metrics.latency("frame_age_at_start_seconds", "From capture to the start of work");
    this.#ageAtPublish = metrics.latency("frame_age_at_publish_seconds", "From capture to publication");
    this.#model = metrics.latency("model_seconds", "Time inside the model server, or of the call");
  }

  countReceived({ header }: Frame): void {
    this.#received.inc();
    this.#ageAtStart.observe(this.#ageS(header?.stamp?.capturedAtMs));
  }

  countObserved({ frame, modelMs }: Observation): void {
    this.observed += 1;
    this.#observedTotal.inc();
    this.#ageAtPublish.observe(this.#ageS(frame?.capturedAtMs));
    this.#model.observe(modelMs / 1_000);
    this.#recentModelMs.push(modelMs);
    if (this.#recentModelMs.length > RECENT) this.#recentModelMs.shift();
  }

  countDropped(reason: FrameDropReason): void {
    this.dropped[reason] = (this.dropped[reason] ?? 0) + 1;
    this.#droppedTotal.inc({ reason });
  }

  /** The median of the last answers; 0 before the first. */
  get modelMsP50(): number {
    return this.#recentModelMs.toSorted((a, b) => a - b)[this.#recentModelMs.length >> 1] ?? 0;
  }

  #ageS(capturedAtMs = 0): number {
    // A clock that was corrected a moment ago can make it negative.
    return Math.max(0, this.#nowMs() - capturedAtMs) / 1_000;
  }
}
