import { createHash } from "node:crypto";
import type { Closable } from "@followspot/runtime";
import { type CallOptions, InferenceError, type InferenceErrorReason } from "@followspot/triton";
import { z } from "zod";
import { type ChatAnswer, parseChatAnswer } from "./chat-answer.ts";
import { type ChatQuestion, chatRequest } from "./chat-request.ts";
import { callJson } from "./http-call.ts";
import type { OpenAiAddress } from "./openai-address.ts";

export interface OpenAiServerOptions {
  readonly address: OpenAiAddress;
  /** Sent as a bearer token, where the server wants one. */
  readonly apiKey?: string | undefined;
}

/** A model as the server lists it. */
export interface ListedModel {
  readonly name: string;
  /** Changes with the model's file, as far as the server tells: its name, size and form. */
  readonly version: string;
  /** Whether it takes pictures; undefined where the server does not say. */
  readonly sees: boolean | undefined;
}

export interface TextQuestion extends CallOptions {
  readonly system: string;
  readonly user: string;
  readonly maxTokens: number;
  readonly temperature?: number | undefined;
  readonly stop?: readonly string[] | undefined;
  /** JSON schema that the answer is held to. */
  readonly schema?: object | undefined;
  /** JPEGs, before the words. */
  readonly pictures?: readonly Uint8Array[] | undefined;
}

const PROBE_DEADLINE_MS = 3_000;
const VERSION_LENGTH = 12;
const GONE: readonly InferenceErrorReason[] = ["unavailable", "model-unavailable"];

const Models = z.object({
  data: z
    .array(
      z.object({
        id: z.string().min(1),
        architecture: z.object({ input_modalities: z.array(z.string()).optional() }).nullish(),
        meta: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .max(10_000),
});

/**
 * A server that speaks OpenAI's chat completions: llama.cpp's, for a laptop without CUDA. The chat template is the
 * server's own, out of the model's file.
 */
export class OpenAiServer implements Closable {
  readonly #address: OpenAiAddress;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #closing = new AbortController();
  #found: ListedModel | undefined;

  /** Asks nothing yet. */
  constructor({ address, apiKey }: OpenAiServerOptions) {
    this.#address = address;
    this.#headers = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
  }

  get address(): string {
    return this.#address.url;
  }

  /** The model that is asked; before the first probe the one that was named. */
  get model(): string | undefined {
    return this.#found?.name ?? this.#address.model;
  }

  /** Whether the server is there and has the model. @throws InferenceError unavailable, model-unavailable */
  async probe({ signal, deadlineMs = PROBE_DEADLINE_MS }: Partial<CallOptions> = {}): Promise<ListedModel> {
    const parsed = Models.safeParse(await this.#call("/v1/models", { signal, deadlineMs }));
    if (!parsed.success) {
      throw new InferenceError("unsupported-model", `${this.address} lists no models as OpenAI's API does`);
    }
    const wanted = this.#address.model;
    const model =
      wanted === undefined ? parsed.data.data[0] : parsed.data.data.find(({ id }) => id === wanted);
    if (!model) {
      const known = parsed.data.data.map(({ id }) => id).slice(0, 10);
      throw new InferenceError(
        "model-unavailable",
        `${this.address} has no model ${wanted === undefined ? "at all" : `"${wanted}", only ${known.join(", ") || "none"}`}`,
      );
    }
    const version = createHash("sha256")
      .update(JSON.stringify([model.id, model.meta]))
      .digest("hex");
    const takes = model.architecture?.input_modalities;
    this.#found = {
      name: model.id,
      version: version.slice(0, VERSION_LENGTH),
      sees: takes?.includes("image"),
    };
    return this.#found;
  }

  /** @throws InferenceError */
  async ask(question: ChatQuestion, call: CallOptions): Promise<ChatAnswer> {
    const startedMs = performance.now();
    const { name } = this.#found ?? (await this.probe(call));
    const leftMs = call.deadlineMs - (performance.now() - startedMs);
    const body = chatRequest(name, question);
    try {
      const value = await this.#call("/v1/chat/completions", {
        signal: call.signal,
        deadlineMs: leftMs,
        body,
      });
      return parseChatAnswer(value, performance.now() - startedMs);
    } catch (error) {
      // It may come back with another model: it is looked at anew before the next question.
      if (error instanceof InferenceError && GONE.includes(error.reason)) this.#found = undefined;
      throw error;
    }
  }

  /** A question in words, for who works on captions. @throws InferenceError */
  async complete(question: TextQuestion): Promise<ChatAnswer> {
    const { system, user, pictures = [], schema, signal, deadlineMs, ...rest } = question;
    const parts = [...pictures.map((jpeg) => ({ jpeg })), { text: user }];
    return await this.ask(
      { ...rest, system, user: parts, form: schema && { json: schema } },
      { signal, deadlineMs },
    );
  }

  /** Gives up what is under way. */
  async close(): Promise<void> {
    this.#closing.abort(new Error("the client was closed"));
  }

  async #call(path: string, call: CallOptions & { readonly body?: object }): Promise<unknown> {
    const closing = this.#closing.signal;
    return await callJson({ ...call, url: `${this.#address.url}${path}`, headers: this.#headers, closing });
  }
}
