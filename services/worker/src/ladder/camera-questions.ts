import { setImmediate as nextTurn } from "node:timers/promises";
import { compareFrames, type FramePosition } from "@followspot/domain";

/** A frame of a camera that has its quick answer and wants its turn. */
export interface FrameInLine {
  readonly cameraId: string;
  readonly frame: FramePosition;
  readonly signal: AbortSignal;
}

/** What came of a turn; `superseded`: a newer frame of the camera had its turn, or stands in line for it. */
export type Turn<T> = { readonly said: T } | "nothing-asked" | "superseded";

interface Line {
  /** Of the frames that came while the question was on the way, the newest. */
  waiting: { readonly frame: FramePosition; go(): void; leave(): void } | undefined;
}

/** More cameras than any show has. */
const MAX_CAMERAS = 1_000;

/**
 * Keeps a camera's frames in order while the slow model is asked about one of them: a later frame has its quick answer
 * already and waits until the question is over, or the fence would refuse the slow answer for it. The newest of them
 * waits; the others are superseded, in whichever order their quick answers came.
 */
export class CameraQuestions {
  /** Cameras that something is asked about. */
  readonly #lines = new Map<string, Line>();
  /** The newest frame of each camera that has had its turn. */
  readonly #newest = new Map<string, FramePosition>();
  readonly #onHeld: () => void;

  /** @param onHeld told whenever `held` has changed */
  constructor(onHeld: () => void = () => {}) {
    this.#onHeld = onHeld;
  }

  /** Questions that are on the way. */
  get size(): number {
    return this.#lines.size;
  }

  /** Frames that are asked about, or wait for that. */
  get held(): number {
    let held = this.#lines.size;
    for (const { waiting } of this.#lines.values()) if (waiting) held += 1;
    return held;
  }

  /**
   * Waits until nothing is asked about the frame's camera, and then lets `decide` say at once what is asked about it.
   * @throws what the question threw; the signal's reason
   */
  take<T>(one: FrameInLine, decide: () => (() => Promise<T>) | undefined): Promise<Turn<T>> {
    const { cameraId, frame, signal } = one;
    if (signal.aborted) return Promise.reject(signal.reason as Error);
    const line = this.#lines.get(cameraId);
    const newest = line?.waiting?.frame ?? this.#newest.get(cameraId);
    if (newest && compareFrames(frame, newest) <= 0) return Promise.resolve("superseded");
    if (!line) return this.#go(one, decide);
    line.waiting?.leave();
    return new Promise((resolve, reject) => {
      const end = () => {
        signal.removeEventListener("abort", giveUp);
        line.waiting = undefined;
      };
      const giveUp = () => {
        end();
        this.#onHeld();
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", giveUp, { once: true });
      line.waiting = {
        frame,
        go: () => {
          end();
          this.#go(one, decide).then(resolve, reject);
        },
        leave: () => {
          end();
          resolve("superseded");
        },
      };
      this.#onHeld();
    });
  }

  async #go<T>(
    { cameraId, frame }: FrameInLine,
    decide: () => (() => Promise<T>) | undefined,
  ): Promise<Turn<T>> {
    this.#remember(cameraId, frame);
    const work = decide();
    if (!work) return "nothing-asked";
    this.#lines.set(cameraId, { waiting: undefined });
    try {
      this.#onHeld();
      return { said: await work() };
    } finally {
      // By then this frame's observation is on its way, and the later one's comes after it.
      void nextTurn().then(() => this.#over(cameraId));
    }
  }

  #over(cameraId: string): void {
    const waiting = this.#lines.get(cameraId)?.waiting;
    this.#lines.delete(cameraId);
    waiting?.go();
    this.#onHeld();
  }

  #remember(cameraId: string, frame: FramePosition): void {
    const [oldest] = this.#newest.keys();
    if (this.#newest.size >= MAX_CAMERAS && !this.#newest.has(cameraId) && oldest !== undefined) {
      this.#newest.delete(oldest);
    }
    this.#newest.set(cameraId, frame);
  }
}
