import type { CallOptions } from "@followspot/triton";
import type { EngineAnswer } from "./engine-answer.ts";
import type { EngineQuestion } from "./engine-request.ts";

/** Whatever writes an answer to a prompt with pictures: a model on Triton's vLLM backend, or behind another server. */
export interface Engine {
  readonly model: string;
  /** Whether answers come with log probabilities. */
  readonly tellsProbabilities: boolean;
  /** @throws InferenceError */
  ask(question: EngineQuestion, call: CallOptions): Promise<EngineAnswer>;
}
