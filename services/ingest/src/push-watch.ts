import { type CameraState, State } from "./camera-state.ts";
import type { Patience } from "./patience.ts";

const LOOK_EVERY_MS = 200;

/**
 * The state of a camera that takes pushes: idle until somebody sends and after everybody left, live while pictures come,
 * lost when a sender is there (or was a moment ago) and its pictures stay away.
 */
export class PushWatch {
  readonly #patience: Patience;
  readonly #state: CameraState;
  #senders = 0;
  #pictureMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(patience: Patience, state: CameraState) {
    this.#patience = patience;
    this.#state = state;
  }

  start(): void {
    this.#state.set(State.IDLE, "waits for pictures to be pushed");
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  senderCame(): void {
    this.#senders += 1;
  }

  senderLeft(): void {
    this.#senders -= 1;
    if (this.#senders > 0) return;
    this.#pictureMs = undefined;
    this.#state.set(State.IDLE, "the sender has left; waits for pictures to be pushed");
  }

  pictureCame(): void {
    const nowMs = performance.now();
    if (this.#pictureMs === undefined) this.#patience.reopened();
    this.#patience.pictureCame(nowMs);
    this.#pictureMs = nowMs;
    if (this.#state.state !== State.LIVE) this.#state.set(State.LIVE, "pictures come");
  }

  #look(): void {
    if (this.#pictureMs === undefined || this.#state.state !== State.LIVE) return;
    const silentMs = performance.now() - this.#pictureMs;
    if (silentMs < this.#patience.lostAfterMs - LOOK_EVERY_MS / 2) return;
    this.#state.set(State.LOST, `no picture was pushed for ${(silentMs / 1_000).toFixed(1)} s`);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
