import type { SimFrame } from "./trace.ts";

/** A line of frames for each camera; the cameras take turns. */
export class CameraQueues {
  readonly #queues: SimFrame[][];
  #turn = 0;

  constructor(cameras: number) {
    this.#queues = Array.from({ length: cameras }, () => []);
  }

  of(camera: number): SimFrame[] {
    const queue = this.#queues[camera];
    if (!queue) throw new RangeError(`there is no camera ${camera}`);
    return queue;
  }

  /** The oldest frame of the next camera that has one. */
  takeInTurn(): SimFrame | undefined {
    for (let looked = 0; looked < this.#queues.length; looked += 1) {
      const frame = this.of(this.#turn).shift();
      this.#turn = (this.#turn + 1) % this.#queues.length;
      if (frame) return frame;
    }
    return undefined;
  }

  all(): SimFrame[] {
    return this.#queues.flat();
  }
}
