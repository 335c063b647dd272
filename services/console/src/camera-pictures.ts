import type { Logger } from "@followspot/runtime";
import type { Frame } from "@followspot/schema/followspot/v1/frame";

/** Gives the newest frame of a camera, or undefined where there is none. */
export type ReadNewest = (cameraId: string) => Promise<Frame | undefined>;

export interface CameraPicturesOptions {
  readonly cameraId: string;
  readonly readNewest: ReadNewest;
  readonly encode: (frame: Frame) => Uint8Array;
  /** Least time between two looks at the newest frame. */
  readonly intervalMs: number;
  readonly log: Logger;
  readonly onSent: () => void;
  readonly onDropped: (reason: PictureDropReason) => void;
}

/** Why a page did not get a picture. The list is closed. */
export type PictureDropReason = "slow-page" | "read-failed";

/** One page's place at a camera. It gets the next picture when it says that it has drawn the last one. */
export interface Seat {
  ready(): void;
  leave(): void;
}

interface Watcher {
  readonly send: (picture: Uint8Array) => void;
  ready: boolean;
  last: string;
}

/**
 * One camera's newest picture, read once for all who watch it and only while one of them is ready for it.
 * A page that is slow, hidden or gone costs nothing: pictures it was not ready for are skipped and counted.
 */
export class CameraPictures {
  readonly #options: CameraPicturesOptions;
  readonly #watchers = new Set<Watcher>();
  #newest = "";
  #timer: NodeJS.Timeout | undefined;
  #reading = false;
  #lastReadAtMs = Number.NEGATIVE_INFINITY;
  #failing = false;
  #closed = false;

  constructor(options: CameraPicturesOptions) {
    this.#options = options;
  }

  watch(send: (picture: Uint8Array) => void): Seat {
    const watcher: Watcher = { send, ready: true, last: "" };
    this.#watchers.add(watcher);
    this.#schedule();
    return {
      ready: () => {
        watcher.ready = true;
        this.#schedule();
      },
      leave: () => this.#watchers.delete(watcher),
    };
  }

  close(): void {
    this.#closed = true;
    this.#watchers.clear();
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed || this.#timer || this.#reading) return;
    if (![...this.#watchers].some((watcher) => watcher.ready)) return;
    const waitMs = Math.max(0, this.#lastReadAtMs + this.#options.intervalMs - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#reading = true;
      this.#lastReadAtMs = performance.now();
      void this.#look().finally(() => {
        this.#reading = false;
        this.#schedule();
      });
    }, waitMs);
  }

  /** Never rejects: without Redis there is no picture, and the page sees the age of its last one rise. */
  async #look(): Promise<void> {
    const { cameraId, readNewest, encode, log, onDropped } = this.#options;
    try {
      const frame = await readNewest(cameraId);
      if (this.#failing) log.info({ cameraId }, "pictures readable again");
      this.#failing = false;
      if (frame) this.#share(frameKey(frame), () => encode(frame));
    } catch (error) {
      // Once an outage, not once a look.
      if (!this.#failing) log.warn({ err: error, cameraId }, "pictures not readable");
      this.#failing = true;
      onDropped("read-failed");
    }
  }

  #share(key: string, encode: () => Uint8Array): void {
    const isNew = key !== this.#newest;
    this.#newest = key;
    let picture: Uint8Array | undefined;
    for (const watcher of this.#watchers) {
      if (!watcher.ready) {
        if (isNew) this.#options.onDropped("slow-page");
        continue;
      }
      // Different, not newer: a show that lost its Redis counts its runs from 1 again.
      if (watcher.last === key) continue;
      watcher.last = key;
      watcher.ready = false;
      picture ??= encode();
      watcher.send(picture);
      this.#options.onSent();
    }
  }
}

function frameKey({ header }: Frame): string {
  return `${header?.stamp?.run}-${header?.stamp?.sequence}`;
}
