import { setTimeout as delay } from "node:timers/promises";
import type { NewestFrame, TakenFrame, TokenOfCamera } from "./newest-frame.ts";

/** Tokens looked at when there is a place for one of them. */
const LOOK_AHEAD = 6;
/** After being passed over so often the first in line is next, whatever its picture. */
const MAX_PASSED_OVER = 4;

/**
 * Where no picture is fresh, one is waited for: no longer than this share of what a turn takes, and not longer than the
 * pictures of a usual camera are apart once they are not fresh any more.
 */
const WAIT_SHARE = 0.15;
const MAX_WAIT_MS = 32;
const LOOK_AGAIN_MS = 4;
/** The weight of the newest turn in what a turn takes. */
const NEWEST_WEIGHT = 0.2;

interface Waiting {
  readonly token: TokenOfCamera;
  readonly go: (taken: Buffer | "closed" | undefined) => void;
  readonly fail: (error: unknown) => void;
  passedOver: number;
  /** Part of a question to Redis that is not answered yet. */
  asked: boolean;
}

/** A place among the frames in work. */
export interface Turn {
  /** The frame; undefined where the camera has sent nothing for a second. */
  readonly bytes: Buffer | undefined;
  /** Gives the place to the next. */
  end(): void;
}

/** `merged`: another token of the camera waits here, and stands for both. `closed`: nothing is begun any more. */
export type NoTurn = "merged" | "closed";

/**
 * Lets so many frames be in work at once; the tokens beyond wait here, unread and unreleased, and the frame is read in
 * the moment in which there is a place: read earlier, it would only grow old.
 *
 * Where tokens wait, the next one is the first in line whose picture is fresh. Just before its next picture a camera's
 * newest is as old as the distance of its pictures; another camera's is not, and its turn comes all the same.
 */
export class Turnstile {
  #places: number;
  readonly #newest: Pick<NewestFrame, "takeFreshest">;
  readonly #line: Waiting[] = [];
  #taken = 0;
  #turnMs = 0;
  #closed = false;

  constructor(newest: Pick<NewestFrame, "takeFreshest">, places: number) {
    this.#newest = newest;
    this.#places = places;
  }

  /** How many tokens are worth having at hand. */
  static atHand(places: number): number {
    return places + LOOK_AHEAD - 1;
  }

  /** Frames in work at once. Fewer than there are ends none of them. */
  get places(): number {
    return this.#places;
  }

  set places(places: number) {
    this.#places = places;
    this.#admit();
  }

  /** Tokens at hand for which there is no place yet. */
  get waiting(): number {
    return this.#line.length;
  }

  /** Waits for a place. @throws the signal's reason, or what kept the frame from being read */
  async enter(
    token: { readonly id: string; readonly cameraId: string },
    signal: AbortSignal,
  ): Promise<Turn | NoTurn> {
    if (this.#closed) return "closed";
    signal.throwIfAborted();
    const same = this.#line.find((waiting) => waiting.token.cameraId === token.cameraId && !waiting.asked);
    if (same) {
      same.token.ids.push(token.id);
      return "merged";
    }
    const { promise, resolve, reject } = Promise.withResolvers<Buffer | "closed" | undefined>();
    const waiting: Waiting = {
      token: { cameraId: token.cameraId, ids: [token.id] },
      go: resolve,
      fail: reject,
      passedOver: 0,
      asked: false,
    };
    const giveUp = () => {
      this.#leave(waiting);
      reject(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    this.#line.push(waiting);
    this.#admit();
    try {
      const taken = await promise;
      return taken === "closed" ? taken : { bytes: taken, end: this.#placeOnce() };
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Sends away whoever waits, untouched: somebody else can take their tokens. Who has a place keeps it. */
  close(): void {
    this.#closed = true;
    this.#admit();
  }

  /** Ends one place, however often it is called. */
  #placeOnce(): () => void {
    let ended = false;
    const beganMs = performance.now();
    return () => {
      if (ended) return;
      ended = true;
      this.#turnMs += NEWEST_WEIGHT * (performance.now() - beganMs - this.#turnMs);
      this.#taken -= 1;
      this.#admit();
    };
  }

  #admit(): void {
    for (;;) {
      const free = this.#places - this.#taken;
      const line = this.#line.filter(({ asked }) => !asked);
      const [first] = line;
      if (this.#closed) return this.#sendAway(line);
      if (free <= 0 || !first) return;
      // Where there is a place for everybody, or the first has waited long enough, there is nothing to choose.
      const alone = line.length <= free || first.passedOver >= MAX_PASSED_OVER;
      void this.#admitOne(alone ? [first] : line.slice(0, LOOK_AHEAD));
    }
  }

  async #admitOne(candidates: readonly Waiting[]): Promise<void> {
    this.#taken += 1;
    for (const candidate of candidates) candidate.asked = true;
    let chosen: Waiting | undefined;
    try {
      const taken = await this.#takeOne(candidates.map(({ token }) => token));
      chosen = candidates[taken.index];
      this.#passOver(candidates.slice(0, taken.index));
      // Who gave up meanwhile has no use for the place.
      if (chosen && this.#leave(chosen)) chosen.go(taken.bytes);
      else this.#taken -= 1;
    } catch (error) {
      this.#taken -= 1;
      const [first] = candidates;
      if (first && this.#leave(first)) first.fail(error);
    }
    for (const candidate of candidates) candidate.asked = false;
    this.#admit();
  }

  async #takeOne(tokens: readonly TokenOfCamera[]): Promise<TakenFrame> {
    const waitMs = tokens.length > 1 ? Math.min(MAX_WAIT_MS, WAIT_SHARE * this.#turnMs) : 0;
    const giveUpMs = performance.now() + waitMs;
    for (;;) {
      const leftMs = giveUpMs - performance.now();
      const taken = await this.#newest.takeFreshest(tokens, { mayWait: leftMs > 0 && !this.#closed });
      if (taken) return taken;
      await delay(Math.min(LOOK_AGAIN_MS, Math.max(0, leftMs)));
    }
  }

  #sendAway(waiting: readonly Waiting[]): void {
    for (const one of waiting) {
      this.#leave(one);
      one.go("closed");
    }
  }

  #passOver(waiting: readonly Waiting[]): void {
    for (const one of waiting) one.passedOver += 1;
  }

  /** False where it had left before. */
  #leave(waiting: Waiting): boolean {
    const at = this.#line.indexOf(waiting);
    if (at >= 0) this.#line.splice(at, 1);
    return at >= 0;
  }
}
