import type { Drop, FramePolicy, PolicyDescription } from "./frame-policy.ts";
import type { SimFrame } from "./trace.ts";

/** As the frame consumer of packages/frames does it. */
const LOOK_AHEAD = 6;
const FRESH_MS = 75;
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

  constructor(drop: Drop) {
    this.#drop = drop;
  }

  arrive(frame: SimFrame): void {
    const older = this.#newest.get(frame.camera);
    if (older) this.#drop(older, "superseded");
    else this.#tokens.push({ camera: frame.camera, passedOver: 0 });
    this.#newest.set(frame.camera, frame);
  }

  next(nowMs: number): SimFrame | undefined {
    const chosen = this.#choose(nowMs);
    if (!chosen) return undefined;
    const at = this.#tokens.indexOf(chosen);
    for (const token of this.#tokens.slice(0, at)) token.passedOver += 1;
    this.#tokens.splice(at, 1);
    const frame = this.#newest.get(chosen.camera);
    this.#newest.delete(chosen.camera);
    return frame;
  }

  /** The first in line with a fresh frame, else the one with the youngest; but nobody is passed over for ever. */
  #choose(nowMs: number): Token | undefined {
    const candidates = this.#tokens.slice(0, LOOK_AHEAD);
    const [first] = candidates;
    if (!first || first.passedOver >= MAX_PASSED_OVER) return first;
    const ageMs = ({ camera }: Token) => nowMs - (this.#newest.get(camera)?.capturedAtMs ?? 0);
    return (
      candidates.find((token) => ageMs(token) <= FRESH_MS) ??
      candidates.reduce((youngest, token) => (ageMs(token) < ageMs(youngest) ? token : youngest))
    );
  }

  waiting(): readonly SimFrame[] {
    return [...this.#newest.values()];
  }
}

export const FOLLOWSPOT_POLICY: PolicyDescription = {
  name: "followspot",
  description:
    `a token a camera in line; a free recognizer takes, among the first ${LOOK_AHEAD} tokens, the first camera whose ` +
    `newest frame is at most ${FRESH_MS} ms old, else the youngest; nobody is passed over more than ${MAX_PASSED_OVER} times`,
  create: (_cameras, drop) => new NewestFrameByToken(drop),
};
