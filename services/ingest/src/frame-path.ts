import { create } from "@bufbuild/protobuf";
import { FrameDropped } from "@followspot/frames";
import { FrameHeaderSchema } from "@followspot/schema/followspot/v1/frame";
import type { FrameSink } from "./frame-sink.ts";
import { ChangeGate } from "./pictures/change-gate.ts";
import { type DropReason, PictureRefused } from "./pictures/drop-reasons.ts";
import { fitPicture } from "./pictures/fit-picture.ts";
import { inspectPicture } from "./pictures/inspect-picture.ts";
import { lumaThumbnail, meanLight } from "./pictures/luma-thumbnail.ts";
import { type PictureLimits, refuseTooManyBytes } from "./pictures/picture-limits.ts";
import { RateLimit } from "./pictures/rate-limit.ts";

/** A picture as it came from a camera. */
export interface OfferedPicture {
  readonly bytes: Uint8Array;
  /** Its true length, where only its beginning was read because the whole is too long. */
  readonly totalBytes?: number;
  /** What a person calls it, for sentences about it; a file's name. */
  readonly name?: string;
  /** Its size at the camera, where something before us made it smaller. */
  readonly cameraSize?: { readonly width: number; readonly height: number };
}

/**
 * What became of a picture. `held`: kept back by the rate limit, and sent a little later if none newer comes.
 * `problem` is one sentence, where the picture itself is at fault.
 */
export interface Offer {
  readonly sequence: number;
  readonly outcome: "sent" | "held" | DropReason;
  readonly problem?: string;
}

export interface FramePathOptions {
  readonly cameraId: string;
  readonly fps: number;
  readonly floorFps: number;
  /** Longest side of what is sent, in pixels. */
  readonly longestSide: number;
  readonly limits: PictureLimits;
  readonly sink: FrameSink;
  /** Told of every picture's end exactly once; a held one's comes later. */
  readonly onOutcome: (outcome: "sent" | DropReason, facts: OutcomeFacts) => void;
}

export interface OutcomeFacts {
  /** When the picture arrived, on the one clock; absent where that was never read. */
  readonly arrivedMs?: number;
  /** From arrival to the answer of Redis, on this process's clock. */
  readonly tookMs: number;
  readonly problem?: string;
  /** What we did not expect. */
  readonly error?: unknown;
}

interface Entry extends OfferedPicture {
  readonly sequence: number;
  readonly arrivedMs: number;
  readonly arrivedLocalMs: number;
  readonly answer?: (offer: Offer) => void;
}

/**
 * The way of one camera's pictures: stamp, rate limit, inspect, fit, change gate, publish. One picture is prepared at a
 * time and one may wait, which a newer one replaces: the newest picture wins and memory stays bounded.
 */
export class FramePath {
  readonly #options: FramePathOptions;
  readonly #rate: RateLimit;
  readonly #gate: ChangeGate;
  #sequence = 0;
  #run: number | undefined;
  #working: Promise<void> | undefined;
  #waiting: Entry | undefined;
  #held: Entry | undefined;
  #heldTimer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(options: FramePathOptions) {
    this.#options = options;
    this.#rate = new RateLimit(options.fps);
    this.#gate = new ChangeGate(options);
  }

  /** Resolves as soon as it is known what becomes of the picture; never rejects. */
  offer(picture: OfferedPicture): Promise<Offer> {
    const sequence = ++this.#sequence;
    const localMs = performance.now();
    const arrivedMs = this.#options.sink.nowMs();
    const early = this.#closed ? "closing" : arrivedMs === undefined ? "redis-unavailable" : undefined;
    if (early || arrivedMs === undefined) {
      this.#options.onOutcome(early ?? "closing", { tookMs: 0 });
      return Promise.resolve({ sequence, outcome: early ?? "closing" });
    }
    return new Promise((answer) => {
      const entry: Entry = { ...picture, sequence, arrivedMs, arrivedLocalMs: localMs, answer };
      if (!this.#admits(entry)) return this.#hold(entry);
      this.#letGoOfHeld();
      this.#accept(entry);
    });
  }

  /** How long a sender should wait before the next picture. */
  waitMs(): number {
    return this.#rate.waitMs(performance.now());
  }

  /** One too large for anything is answered at once, and costs the camera no place in its rate. */
  #admits(entry: Entry): boolean {
    return byteLength(entry) > this.#options.limits.maxBytes || this.#rate.admits(entry.arrivedLocalMs);
  }

  #hold(entry: Entry): void {
    if (this.#held) this.#end(this.#held, "rate-limited");
    this.#held = entry;
    entry.answer?.({ sequence: entry.sequence, outcome: "held" });
    // The last picture of a movement must not be the one that the rate limit swallowed.
    this.#heldTimer ??= setTimeout(() => this.#sendHeld(), this.#rate.intervalMs * 1.5);
  }

  #sendHeld(): void {
    this.#heldTimer = undefined;
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    this.#rate.admits(performance.now());
    const { answer: _answered, ...entry } = held;
    this.#accept(entry);
  }

  #letGoOfHeld(): void {
    clearTimeout(this.#heldTimer);
    this.#heldTimer = undefined;
    if (this.#held) this.#end(this.#held, "rate-limited");
    this.#held = undefined;
  }

  #accept(entry: Entry): void {
    if (this.#working) {
      if (this.#waiting) this.#end(this.#waiting, "superseded");
      this.#waiting = entry;
      return;
    }
    this.#working = this.#work(entry);
  }

  async #work(first: Entry): Promise<void> {
    for (let entry: Entry | undefined = first; entry; entry = this.#takeWaiting()) {
      const result = await this.#send(entry).catch((error: unknown) => failure(error, entry));
      this.#end(entry, result.outcome, result);
    }
    this.#working = undefined;
  }

  #takeWaiting(): Entry | undefined {
    const entry = this.#waiting;
    this.#waiting = undefined;
    return entry;
  }

  async #send(entry: Entry): Promise<Outcome> {
    const { sink, limits, longestSide, cameraId } = this.#options;
    refuseTooManyBytes(byteLength(entry), limits);
    const picture = await inspectPicture(entry.bytes, limits);
    const maxPixels = limits.maxPixels;
    const fitted = await fitPicture(entry.bytes, picture, { longestSide, maxPixels });
    const thumbnail = await lumaThumbnail(fitted.jpeg, maxPixels);
    if (!this.#gate.wants(thumbnail, entry.arrivedLocalMs)) return { outcome: "unchanged" };
    if (this.#closed) return { outcome: "closing" };
    this.#run ??= await this.#openRun();
    const upright = picture.orientation < 5;
    const header = create(FrameHeaderSchema, {
      stamp: { cameraId, run: this.#run, sequence: entry.sequence, capturedAtMs: entry.arrivedMs },
      width: fitted.width,
      height: fitted.height,
      sourceWidth: entry.cameraSize?.width ?? (upright ? picture.width : picture.height),
      sourceHeight: entry.cameraSize?.height ?? (upright ? picture.height : picture.width),
      light: meanLight(thumbnail),
    });
    await sink.publish(header, fitted.jpeg);
    this.#gate.passed(thumbnail, entry.arrivedLocalMs);
    return { outcome: "sent" };
  }

  async #openRun(): Promise<number> {
    try {
      return await this.#options.sink.openCamera(this.#options.cameraId);
    } catch (cause) {
      throw new FrameDropped("redis-unavailable", { cause });
    }
  }

  #end(entry: Entry, outcome: "sent" | DropReason, { problem, error }: Partial<Outcome> = {}): void {
    const about = problem === undefined ? {} : { problem };
    const tookMs = performance.now() - entry.arrivedLocalMs;
    const { arrivedMs } = entry;
    this.#options.onOutcome(outcome, {
      arrivedMs,
      tookMs,
      ...about,
      ...(error === undefined ? {} : { error }),
    });
    entry.answer?.({ sequence: entry.sequence, outcome, ...about });
  }

  /** Ends what waits, and waits for what is being sent. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#heldTimer);
    for (const entry of [this.#held, this.#takeWaiting()]) if (entry) this.#end(entry, "closing");
    this.#held = undefined;
    await this.#working;
  }
}

interface Outcome {
  readonly outcome: "sent" | DropReason;
  readonly problem?: string;
  readonly error?: unknown;
}

function byteLength({ bytes, totalBytes }: OfferedPicture): number {
  return totalBytes ?? bytes.length;
}

/** A fault of ours costs one frame, not every camera. */
function failure(error: unknown, { name }: Entry): Outcome {
  if (error instanceof PictureRefused) {
    const problem = name === undefined ? error.message : `${name}: ${error.message}`;
    return { outcome: error.reason, problem };
  }
  if (error instanceof FrameDropped) return { outcome: error.reason };
  return { outcome: "internal-error", error };
}
