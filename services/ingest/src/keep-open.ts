import { setTimeout as sleep } from "node:timers/promises";
import type { BackOff } from "./back-off.ts";
import type { OfferedPicture } from "./frame-path.ts";
import type { Patience } from "./patience.ts";
import { type Source, SourceFailed } from "./sources/source.ts";

/** What a camera's keeper tells about it. */
export interface KeepOpenEvents {
  readonly opening: () => void;
  readonly picture: (picture: OfferedPicture) => void;
  /** Pictures come (again). */
  readonly live: () => void;
  /** None comes. One sentence; the camera is being tried again. */
  readonly lost: (why: string) => void;
  /** It came to its end and stays closed. One sentence. */
  readonly ended: (why: string) => void;
  readonly unexpected: (error: unknown) => void;
}

export interface KeepOpenOptions {
  readonly source: Source;
  readonly patience: Patience;
  readonly backOff: BackOff;
  readonly events: KeepOpenEvents;
  /** How long an opened camera may take to its first picture. */
  readonly firstPictureWithinMs: number;
}

/** A camera that worked for so long starts its back-off anew. */
const PROVEN_AFTER_MS = 3_000;

/**
 * Keeps a camera open until `signal` aborts or it comes to its end: opens it, watches its pictures, and opens it again
 * when it fails or falls silent, for ever.
 *
 *   opening -> (first picture) -> live -> (silence) -> lost -> (picture) -> live
 *                                  lost -> (more silence: the source is aborted) -> wait -> opening
 *   opening or live -> (failure) -> lost -> wait -> opening
 */
export async function keepOpen(options: KeepOpenOptions, signal: AbortSignal): Promise<void> {
  const { events, backOff } = options;
  while (!signal.aborted) {
    events.opening();
    const failure = await openOnce(options, signal);
    if (signal.aborted) return;
    if (failure === undefined) return;
    events.lost(failure);
    await sleep(backOff.nextMs(), undefined, { signal }).catch(() => {});
  }
}

/** Runs the source once. The sentence that says why it failed; undefined where it came to its end. */
async function openOnce(options: KeepOpenOptions, parent: AbortSignal): Promise<string | undefined> {
  const { source, events } = options;
  const attempt = new AbortController();
  const watch = new SilenceWatch(options, attempt);
  try {
    const end = await source(
      {
        picture: (picture) => {
          // What a source that was given up still hands over belongs to nobody.
          if (attempt.signal.aborted || parent.aborted) return;
          watch.pictureCame();
          events.picture(picture);
        },
      },
      AbortSignal.any([parent, attempt.signal]),
    );
    if (!parent.aborted) events.ended(end);
    return undefined;
  } catch (error) {
    const why: unknown = attempt.signal.aborted ? attempt.signal.reason : error;
    if (why instanceof SilentCamera || why instanceof SourceFailed) return why.message;
    if (parent.aborted) return undefined;
    events.unexpected(error);
    return "the camera failed in a way that we did not expect and is opened again; the log says more";
  } finally {
    watch.stop();
    attempt.abort();
  }
}

class SilentCamera extends Error {
  override readonly name = "SilentCamera";
}

/** Says "lost" when pictures stay away, and gives the source up when they go on staying away. */
class SilenceWatch {
  readonly #options: KeepOpenOptions;
  readonly #attempt: AbortController;
  readonly #openedMs = performance.now();
  #pictureMs: number | undefined;
  #lost = false;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(options: KeepOpenOptions, attempt: AbortController) {
    this.#options = options;
    this.#attempt = attempt;
    options.patience.reopened();
    this.#look();
  }

  pictureCame(): void {
    const { patience, events, backOff } = this.#options;
    const nowMs = performance.now();
    const first = this.#pictureMs === undefined;
    this.#pictureMs = nowMs;
    patience.pictureCame(nowMs);
    if (nowMs - this.#openedMs > PROVEN_AFTER_MS) backOff.reset();
    if (!first && !this.#lost) return;
    this.#lost = false;
    events.live();
    this.#look();
  }

  /** One timer a camera, set to the next moment that matters; pictures do not touch it. */
  readonly #look = (): void => {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const { patience, events, firstPictureWithinMs } = this.#options;
    const nowMs = performance.now();
    if (this.#pictureMs === undefined) {
      const leftMs = this.#openedMs + firstPictureWithinMs - nowMs;
      if (leftMs > 0) this.#lookIn(leftMs);
      else
        this.#giveUp(
          `no picture came within ${firstPictureWithinMs / 1_000} s of opening it, so it is opened again`,
        );
      return;
    }
    const silentMs = nowMs - this.#pictureMs;
    if (silentMs >= patience.reopenAfterMs) {
      return this.#giveUp(
        `no picture has come for ${(silentMs / 1_000).toFixed(1)} s, so it is opened again`,
      );
    }
    if (silentMs >= patience.lostAfterMs && !this.#lost) {
      this.#lost = true;
      events.lost(`no picture has come for ${(silentMs / 1_000).toFixed(1)} s`);
    }
    this.#lookIn((this.#lost ? patience.reopenAfterMs : patience.lostAfterMs) - silentMs);
  };

  #lookIn(ms: number): void {
    // Through the event loop once more: pictures that came while we were too busy to look are not silence.
    this.#timer = setTimeout(() => setImmediate(this.#look), Math.max(1, Math.ceil(ms)));
  }

  #giveUp(why: string): void {
    this.#attempt.abort(new SilentCamera(why));
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
