import type { TritonClient } from "@followspot/triton";
import type { LanguageEngine } from "@followspot/vision-language";
import { type ChatTemplate, renderChat, stopsOf, templateOf, withoutEnd } from "../chat/chat-template.ts";
import type { WritingModel } from "./writing-model.ts";

export interface TritonWriterOptions {
  readonly client: TritonClient;
  readonly engine: LanguageEngine;
  /** The conversation's format; by the model's name where left out. */
  readonly template?: ChatTemplate | undefined;
  readonly version: string | undefined;
  readonly contextTokens: number | undefined;
}

/** A model of the `vllm` contract. It closes the client that it was given. */
export function tritonWriter({
  client,
  engine,
  version,
  contextTokens,
  template = templateOf(engine.model),
}: TritonWriterOptions): WritingModel {
  return {
    name: `${engine.model} at ${client.address}`,
    version,
    contextTokens,
    constrained: engine.constraintKey !== undefined,
    write: async ({ system, user, jpeg, schema, maxTokens, temperature, ...call }) => {
      const { text, outputTokens } = await engine.ask(
        {
          prompt: renderChat(template, { system, user, picture: jpeg !== undefined }),
          pictures: jpeg ? [jpeg] : [],
          sampling: { maxTokens, temperature, stop: stopsOf(template), constraint: { json: schema } },
        },
        call,
      );
      return { text: withoutEnd(template, text), outputTokens };
    },
    close: () => client.close(),
  };
}
