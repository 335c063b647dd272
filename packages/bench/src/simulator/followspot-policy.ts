import type { AskAgain, Drop, FramePolicy, PolicyDescription } from "./frame-policy.ts";
import type { SimFrame } from "./trace.ts";

/** As the frame consumer of packages/frames does it. */
const LOOK_AHEAD = 6;
const FRESH_MS = 70;
const MAX_WAIT_MS = 32;
const MAX_PASSED_OVER = 4;

interface Token {
  readonly camera: number;
  passedOver: number;
}

/** Ours: one token a camera in line, one newest frame a camera, read when the recognizer is free. */
class NewestFrameByToken implements FramePolicy {
  readonly #drop: Drop;
  readonly #newest = new Map<number, SimFrame>();
  readonly #tokens: Token[] = [];
  /** Since when there is no fresh frame for a free recognizer. */
  #waitsSinceMs: number | undefined;

  constructor(drop: Drop) {
    this.#drop = drop;
  }

  arrive(frame: SimFrame): void {
    const older = this.#newest.get(frame.camera);
    if (older) this.#drop(older, "superseded");
    else this.#tokens.push({ camera: frame.camera, passedOver: 0 });
    this.#newest.set(frame.camera, frame);
  }

  next(nowMs: number): SimFrame | AskAgain | undefined {
    const candidates = this.#tokens.slice(0, LOOK_AHEAD);
    const [first] = candidates;
    if (!first) return undefined;
    const ageMs = ({ camera }: Token) => nowMs - (this.#newest.get(camera)?.capturedAtMs ?? 0);
    // The first in line is not passed over for ever.
    const due =
      first.passedOver >= MAX_PASSED_OVER ? first : candidates.find((one) => ageMs(one) <= FRESH_MS);
    this.#waitsSinceMs ??= nowMs;
    const giveUpMs = this.#waitsSinceMs + (candidates.length > 1 ? MAX_WAIT_MS : 0);
    if (!due && nowMs < giveUpMs) return { askAgainAtMs: giveUpMs };
    this.#waitsSinceMs = undefined;
    return this.#take(due ?? candidates.reduce((young, one) => (ageMs(one) < ageMs(young) ? one : young)));
  }

  #take(chosen: Token): SimFrame | undefined {
    const at = this.#tokens.indexOf(chosen);
    for (const token of this.#tokens.slice(0, at)) token.passedOver += 1;
    this.#tokens.splice(at, 1);
    const frame = this.#newest.get(chosen.camera);
    this.#newest.delete(chosen.camera);
    return frame;
  }

  waiting(): readonly SimFrame[] {
    return [...this.#newest.values()];
  }
}

export const FOLLOWSPOT_POLICY: PolicyDescription = {
  name: "followspot",
  description:
    `a token a camera in line; a free recognizer takes, among the first ${LOOK_AHEAD} tokens, the first camera whose ` +
    `newest frame is at most ${FRESH_MS} ms old, waits up to ${MAX_WAIT_MS} ms where there is none, then takes the ` +
    `youngest; nobody is passed over more than ${MAX_PASSED_OVER} times`,
  create: (_cameras, drop) => new NewestFrameByToken(drop),
};
