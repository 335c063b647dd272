import type { Closable, Logger } from "@followspot/runtime";
import type { CameraStatus } from "@followspot/schema/followspot/v1/frame";
import type { CameraConfig } from "@followspot/show";
import { BackOff } from "./back-off.ts";
import { CameraState, State } from "./camera-state.ts";
import { FramePath, type Offer, type OfferedPicture, type OutcomeFacts } from "./frame-path.ts";
import type { FrameSink } from "./frame-sink.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import { keepOpen } from "./keep-open.ts";
import { Patience } from "./patience.ts";
import { type DropReason, isRefusal } from "./pictures/drop-reasons.ts";
import type { PictureLimits } from "./pictures/picture-limits.ts";
import { PushWatch } from "./push-watch.ts";
import { sourceName } from "./sources/source-name.ts";
import type { Source } from "./sources/source.ts";

/** A network camera may wait for its next key picture; ffmpeg needs a second or two to know a stream. */
const FIRST_PICTURE_WITHIN_MS = 10_000;
const RETRY_FIRST_MS = 250;
/** Small, so that a camera that returns is seen within two seconds; a dead one costs one connection attempt each. */
const RETRY_MOST_MS = 2_000;
/** A file that cannot be played changes only when a person changes it, and every try starts a decoder. */
const RETRY_FILE_MOST_MS = 5_000;
/** A sentence about a bad picture is shown for so long, unless the next one is bad too. */
const SHOW_PROBLEM_MS = 5_000;
/** A camera of which every picture was bad for so long is lost. */
const USELESS_AFTER_MS = 1_000;

export interface CameraOptions {
  readonly config: CameraConfig;
  /** How it gets its pictures; absent for a camera that takes pushes. */
  readonly source: Source | undefined;
  readonly limits: PictureLimits;
  readonly sink: FrameSink;
  readonly nowMs: () => number;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
  /** State or sentence changed. */
  readonly onChange: () => void;
}

/** One camera of the show: its source kept open, its pictures' path, and what is known about it. */
export class Camera implements Closable {
  readonly config: CameraConfig;
  readonly #path: FramePath;
  readonly #state: CameraState;
  readonly #push: PushWatch | undefined;
  readonly #stop = new AbortController();
  readonly #options: CameraOptions;
  #keeping: Promise<void> = Promise.resolve();
  #problemUntilMs = 0;
  /** Lost not because pictures stay away but because all of them are bad. */
  #useless = false;
  /** Since when every picture was refused, on this process's clock. */
  #refusedSinceMs: number | undefined;

  constructor(options: CameraOptions) {
    const { config, limits, sink, nowMs, onChange } = options;
    this.#options = options;
    this.config = config;
    this.#state = new CameraState({
      cameraId: config.id,
      source: sourceName(config.source),
      nowMs,
      onChange: () => {
        this.#options.metrics.state(config.id, this.#state.state);
        onChange();
      },
    });
    this.#path = new FramePath({
      cameraId: config.id,
      fps: config.fps,
      floorFps: Math.min(config.floorFps, config.fps),
      longestSide: config.width,
      limits,
      sink,
      onOutcome: (outcome, facts) => this.#ended(outcome, facts),
    });
    if (!options.source) this.#push = new PushWatch(new Patience(config.fps), this.#state);
  }

  /** Opens the source and keeps it open until `close`. */
  start(): void {
    const { source, config, log } = this.#options;
    if (!source) return this.#push?.start();
    const cameraId = config.id;
    this.#keeping = keepOpen(
      {
        source,
        patience: new Patience(config.fps),
        backOff: new BackOff({
          firstMs: RETRY_FIRST_MS,
          mostMs: config.source.kind === "file" ? RETRY_FILE_MOST_MS : RETRY_MOST_MS,
        }),
        firstPictureWithinMs: FIRST_PICTURE_WITHIN_MS,
        events: {
          opening: () => {
            this.#state.attempts += 1;
          },
          picture: (picture) => void this.offer(picture),
          live: () => {
            log.info({ cameraId }, "camera live");
            this.#state.set(State.LIVE, "pictures come");
          },
          lost: (why) => {
            if (this.#state.state !== State.LOST) log.warn({ cameraId, why }, "camera lost");
            this.#state.set(State.LOST, why);
          },
          ended: (why) => {
            log.info({ cameraId, why }, "camera ended");
            this.#state.set(State.IDLE, why);
          },
          unexpected: (error) => log.error({ cameraId, err: error }, "camera failed unexpectedly"),
        },
      },
      this.#stop.signal,
    );
  }

  /** Takes a picture, whether from the camera's own source or pushed. Never rejects, never queues more than one. */
  offer(picture: OfferedPicture): Promise<Offer> {
    this.#state.received();
    this.#options.metrics.received(this.config.id);
    return this.#path.offer(picture);
  }

  /** How long a sender should wait before the next picture, in milliseconds. */
  waitMs(): number {
    return this.#path.waitMs();
  }

  /** A sender's connection was opened or closed on purpose. */
  senderCame(): void {
    this.#push?.senderCame();
  }

  senderLeft(): void {
    this.#push?.senderLeft();
  }

  status(): CameraStatus {
    return this.#state.report();
  }

  #ended(outcome: "sent" | DropReason, facts: OutcomeFacts): void {
    this.#state.ended(outcome, facts.arrivedMs);
    this.#options.metrics.ended(this.config.id, outcome, facts.tookMs);
    if (facts.error !== undefined) {
      this.#options.log.error({ cameraId: this.config.id, err: facts.error }, "picture failed unexpectedly");
    }
    if (isRefusal(outcome)) this.#refused(facts.problem ?? outcome);
    else if (outcome === "sent" || outcome === "unchanged") this.#accepted();
    else if (outcome === "redis-unavailable") this.#push?.pictureCame();
  }

  #accepted(): void {
    this.#refusedSinceMs = undefined;
    this.#push?.pictureCame();
    if (this.#problemUntilMs === 0) return;
    const isLive = this.#state.state === State.LIVE;
    // Not before a person could read the sentence, unless the camera is better than it says.
    if (isLive && performance.now() < this.#problemUntilMs) return;
    this.#problemUntilMs = 0;
    if (isLive || this.#useless) this.#state.set(State.LIVE, "pictures come");
    this.#useless = false;
  }

  /** The camera goes on; what was wrong is said. A camera that gives nothing else is as good as lost. */
  #refused(problem: string): void {
    const nowMs = performance.now();
    this.#refusedSinceMs ??= nowMs;
    this.#problemUntilMs = nowMs + SHOW_PROBLEM_MS;
    if (nowMs - this.#refusedSinceMs > USELESS_AFTER_MS && this.#state.state === State.LIVE) {
      this.#useless = true;
      this.#state.set(State.LOST, `every picture is refused: ${problem}`);
    } else this.#state.set(this.#state.state, problem);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#push?.close();
    await this.#keeping;
    await this.#path.close();
  }
}
