import type { ListedModel, OpenAiServer } from "@followspot/openai-server";
import type { WritingModel } from "./writing-model.ts";

/**
 * A model behind OpenAI's API, as llama.cpp's server offers it: the conversation's format is the server's own, out of
 * the model's file. It closes the server's client.
 */
export function openAiWriter(server: OpenAiServer, { name, version }: ListedModel): WritingModel {
  return {
    name: `${name} at ${server.address}`,
    version,
    contextTokens: undefined,
    // llama.cpp turns the schema into a grammar; a server that passes it by is found out where answers are read.
    constrained: true,
    write: async ({ jpeg, ...question }) => {
      const { text, outputTokens } = await server.complete({ ...question, pictures: jpeg ? [jpeg] : [] });
      return { text: text.trim(), outputTokens };
    },
    close: () => server.close(),
  };
}
