import { randomUUID } from "node:crypto";
import { InferenceError, outputTensor } from "@followspot/triton";
import type { ModelInferResponse } from "@followspot/schema/inference/grpc_service";
import { type Answer, sortLabels } from "../contestant.ts";
import type { ModelPlace, ServedModel } from "../served-recognizer.ts";
import { promptFor, requestInWords } from "./ask-in-words.ts";
import { nameScores } from "./name-scores.ts";
import { readNames } from "./read-names.ts";

/** A refusal is quoted, a novel is not. */
const QUOTED = 80;

/** A language model of the `vllm` contract: it is asked in words, and its words are read. */
export async function openWordsModel({ client, model, labels }: ModelPlace): Promise<ServedModel> {
  const { versions, inputs } = await client.modelMetadata(model);
  const takes = new Set(inputs.map(({ name }) => name));
  const prompt = promptFor(labels);
  const idPrefix = randomUUID().slice(0, 8);
  let asked = 0;
  return {
    version: versions.at(-1),
    ask: async ({ jpeg, ...call }) => {
      const request = requestInWords({ model, id: `${idPrefix}-${++asked}`, jpeg, prompt, takes });
      const startedMs = performance.now();
      let text = "";
      let logprobs = "";
      for await (const part of client.streamInfer(request, call)) {
        text += textOf(part, "text_output");
        logprobs ||= hasOutput(part, "logprobs") ? textOf(part, "logprobs") : "";
      }
      const ms = performance.now() - startedMs;
      const said = text.startsWith(prompt) ? text.slice(prompt.length) : text;
      return { answer: answerOf(said, logprobs, labels), ms };
    },
    close: async () => {},
  };
}

/** Only those who are named are in it: among the others the model has no order. */
function answerOf(text: string, logprobs: string, labels: readonly string[]): Answer {
  const read = readNames(text, labels);
  if (!read) {
    const quoted = JSON.stringify(text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text);
    throw new InferenceError("malformed-answer", `nobody can be read from ${quoted}`);
  }
  const probable = nameScores(text, logprobs, read.names);
  return {
    labels: sortLabels(
      read.names.map((label) => {
        const raw = probable?.get(label) ?? 1;
        // Whoever is named is meant to be there: that is half of it, how sure the words were is the other half.
        return { label, score: 0.5 + raw / 2, raw, box: undefined };
      }),
    ),
    unknown: read.unknown ? 1 : 0,
    unparseable: undefined,
    reading: read.reading,
  };
}

function hasOutput(response: ModelInferResponse, name: string): boolean {
  return response.outputs.some((output) => output.name === name);
}

/** vLLM gives one element for each answer that was asked for: one. */
function textOf(response: ModelInferResponse, name: string): string {
  return outputTensor(response, { name, datatype: "BYTES", shape: [undefined] })[0] ?? "";
}
