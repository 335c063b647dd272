import type { ReviewSession } from "./review-session.ts";

type Measured = Awaited<ReturnType<ReviewSession["effect"]>>;

export type EffectState =
  | { readonly state: "none" }
  | { readonly state: "running"; readonly share: number; readonly doing: string }
  | { readonly state: "failed"; readonly problem: string }
  | { readonly state: "done"; readonly effect: Measured };

/** One preview at a time; it takes longer than a request may. */
export class EffectJob {
  readonly #session: Pick<ReviewSession, "effect">;
  #stop = new AbortController();
  #state: EffectState = { state: "none" };

  constructor(session: Pick<ReviewSession, "effect">) {
    this.#session = session;
  }

  get state(): EffectState {
    return this.#state;
  }

  /** Does nothing where one is running, or has just been measured. */
  start(): void {
    if (this.#state.state === "running" || this.#state.state === "done") return;
    const stop = new AbortController();
    this.#stop = stop;
    const show = (state: EffectState) => {
      if (!stop.signal.aborted) this.#state = state;
    };
    show({ state: "running", share: 0, doing: "reading the data set" });
    this.#session
      .effect({ signal: stop.signal, onProgress: (share, doing) => show({ state: "running", share, doing }) })
      .then(
        (effect) => show({ state: "done", effect }),
        (error: unknown) =>
          show({ state: "failed", problem: error instanceof Error ? error.message : String(error) }),
      );
  }

  /** What was measured does not hold any more. */
  forget(): void {
    this.stop();
    this.#state = { state: "none" };
  }

  stop(): void {
    this.#stop.abort();
  }
}
