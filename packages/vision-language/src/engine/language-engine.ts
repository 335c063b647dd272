import { randomUUID } from "node:crypto";
import type { Logger } from "@followspot/runtime";
import type { ModelMetadataResponse } from "@followspot/schema/inference/grpc_service";
import { type CallOptions, InferenceError, type TritonClient } from "@followspot/triton";
import { chatPrompt } from "../prompt/chat.ts";
import type { Engine } from "./engine.ts";
import { collectAnswer, type EngineAnswer } from "./engine-answer.ts";
import { type EngineQuestion, engineRequest } from "./engine-request.ts";
import { CONSTRAINT_KEYS, type ConstraintKey } from "./sampling.ts";

export interface LanguageEngineOptions {
  readonly client: TritonClient;
  readonly model: string;
  readonly log?: Logger | undefined;
}

/** Compiling a grammar for the first time, or a graph, takes a server longer than any frame may. */
const PROBE_DEADLINE_MS = 60_000;
const PROBE_CHOICES = ["yes", "no"];

/**
 * A language model of the `vllm` contract, with or without pictures. It knows what its very version of the backend
 * takes, because it has asked.
 */
export class LanguageEngine implements Engine {
  readonly model: string;
  /** Undefined where the server takes no constraint: answers are then only checked. */
  readonly constraintKey: ConstraintKey | undefined;
  readonly #client: TritonClient;
  readonly #takes: ReadonlySet<string>;
  readonly #idPrefix = randomUUID().slice(0, 8);
  #asked = 0;

  /**
   * Asks a ready model for two or three tokens, to learn under which key it takes constraints.
   * @throws InferenceError where it cannot even answer without any
   */
  static async open(
    { client, model, log }: LanguageEngineOptions,
    signal: AbortSignal,
    known?: ModelMetadataResponse,
  ): Promise<LanguageEngine> {
    const metadata = known ?? (await client.modelMetadata(model, { signal }));
    const takes = new Set(metadata.inputs.map(({ name }) => name));
    const open = (key: ConstraintKey | undefined) => new LanguageEngine({ client, model }, takes, key);
    const prompt = chatPrompt("", [{ text: "Answer yes or no." }]);
    const call = { signal, deadlineMs: PROBE_DEADLINE_MS };
    const plain = { prompt, pictures: [], sampling: { maxTokens: 1 } };
    // First without: where even this fails, the key is not to blame.
    await open(undefined).ask(plain, call);
    for (const key of CONSTRAINT_KEYS) {
      const engine = open(key);
      const constrained = { ...plain, sampling: { maxTokens: 4, constraint: { choice: PROBE_CHOICES } } };
      try {
        const { text } = await engine.ask(constrained, call);
        if (PROBE_CHOICES.includes(text.trim())) return engine;
        log?.warn({ model, key }, "model server ignores constraints");
      } catch (error) {
        const { reason } = InferenceError.from(error);
        // An unknown key fails in the backend as if the model had; whatever else went wrong is no answer.
        if (reason !== "failed" && reason !== "rejected") throw error;
      }
    }
    log?.warn({ model }, "model server takes no constraints: answers are only checked");
    return open(undefined);
  }

  private constructor(
    { client, model }: { readonly client: TritonClient; readonly model: string },
    takes: ReadonlySet<string>,
    constraintKey: ConstraintKey | undefined,
  ) {
    this.#client = client;
    this.model = model;
    this.#takes = takes;
    this.constraintKey = constraintKey;
  }

  get tellsProbabilities(): boolean {
    return this.#takes.has("return_logprobs");
  }

  /** @throws InferenceError */
  async ask(question: EngineQuestion, call: CallOptions): Promise<EngineAnswer> {
    const version = question.promptVersion === undefined ? "" : `.${question.promptVersion}`;
    const request = engineRequest(question, {
      model: this.model,
      id: `${this.#idPrefix}-${++this.#asked}${version}`,
      takes: this.#takes,
      constraintKey: this.constraintKey,
    });
    return await collectAnswer(this.#client.streamInfer(request, call), question.prompt);
  }
}
