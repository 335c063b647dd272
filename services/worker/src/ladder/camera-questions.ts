import { setImmediate as nextTurn } from "node:timers/promises";

type Turn = "over" | "superseded";

/**
 * Keeps a camera's frames in order while the slow model is asked about one of them: a later frame has its quick answer
 * already and waits until the question is over, or the fence would refuse the slow answer for it. One waits; one that is
 * newer takes its place.
 */
export class CameraQuestions {
  /** Cameras that something is asked about, and who waits there. */
  readonly #waiting = new Map<string, ((turn: Turn) => void) | undefined>();

  /** Questions that are on the way. */
  get size(): number {
    return this.#waiting.size;
  }

  has(cameraId: string): boolean {
    return this.#waiting.has(cameraId);
  }

  /** Waits for the question about this camera, where there is one. */
  async waitTurn(cameraId: string): Promise<Turn> {
    if (!this.#waiting.has(cameraId)) return "over";
    this.#waiting.get(cameraId)?.("superseded");
    const { promise, resolve } = Promise.withResolvers<Turn>();
    this.#waiting.set(cameraId, resolve);
    return promise;
  }

  /** Asks about a camera that nothing is asked about. */
  async ask<T>(cameraId: string, work: () => Promise<T>): Promise<T> {
    this.#waiting.set(cameraId, undefined);
    try {
      return await work();
    } finally {
      // By then this frame's observation is on its way, and the later one's comes after it.
      void nextTurn().then(() => {
        const waiting = this.#waiting.get(cameraId);
        this.#waiting.delete(cameraId);
        waiting?.("over");
      });
    }
  }
}
