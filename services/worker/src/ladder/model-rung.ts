import type { Rung } from "@followspot/domain";
import type { ModelReport, Recognition } from "@followspot/triton";

/** The rungs where a model answers. */
export type ModelRung = Extract<Rung, "qwen2-vl" | "understudy">;

/** What one is asked about a frame. */
export interface RungQuestion {
  readonly jpeg: Uint8Array;
  /** The closed set: ids of the cast list. */
  readonly labels: readonly string[];
  /** The scene that is played, by id. */
  readonly scene?: string | undefined;
  /** What the understudy says of this very frame, where it was asked already. */
  readonly proposal?: Pick<Recognition, "labels" | "unknown" | "version"> | undefined;
}

/** A model, as any kind of client speaks to it. */
export interface RungRecognizer {
  readonly report: ModelReport;
  /** @throws InferenceError */
  recognize(
    question: RungQuestion & { readonly signal: AbortSignal; readonly deadlineMs: number },
  ): Promise<Recognition>;
}
