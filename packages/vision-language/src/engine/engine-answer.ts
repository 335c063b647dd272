import type { ModelInferResponse } from "@followspot/schema/inference/grpc_service";
import { InferenceError, outputTensor } from "@followspot/triton";

/** What a model of the `vllm` contract said, as text. */
export interface EngineAnswer {
  /** Without the prompt. */
  readonly text: string;
  /** JSON: for each token its alternatives with their log probabilities. Empty where the server gave none. */
  readonly logprobs: string;
  /** "stop" where the model ended by itself, "length" where it was cut off; undefined where the server does not say. */
  readonly finishReason: string | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  /** From the request to the last part, as seen from here. */
  readonly callMs: number;
}

const MOST_PARTS = 16_384;
const MOST_CHARACTERS = 200_000;
const MOST_LOGPROB_CHARACTERS = 16_000_000;

/** Puts the parts of an answer together, and believes nothing. @throws InferenceError malformed-answer */
export async function collectAnswer(
  parts: AsyncIterable<ModelInferResponse>,
  prompt: string,
): Promise<EngineAnswer> {
  const startedMs = performance.now();
  const texts: string[] = [];
  const logprobs: string[] = [];
  let finishReason: string | undefined;
  let inputTokens: number | undefined;
  let outputTokens: number | undefined;
  let characters = 0;
  let probableCharacters = 0;
  for await (const part of parts) {
    const text = textOf(part, "text_output");
    const probable = has(part, "logprobs") ? textOf(part, "logprobs") : "null";
    characters += text.length;
    if (texts.push(text) > MOST_PARTS || characters > MOST_CHARACTERS + prompt.length) {
      throw new InferenceError("malformed-answer", "the answer does not end");
    }
    probableCharacters += probable.length;
    if (probableCharacters > MOST_LOGPROB_CHARACTERS) {
      throw new InferenceError("malformed-answer", "the log probabilities of the answer do not end");
    }
    if (probable !== "null" && probable !== "") logprobs.push(probable);
    if (has(part, "finish_reason")) finishReason = textOf(part, "finish_reason") || finishReason;
    inputTokens = countOf(part, "num_input_tokens") ?? inputTokens;
    const written = countOf(part, "num_output_tokens");
    if (written !== undefined) outputTokens = (outputTokens ?? 0) + written;
  }
  const text = texts.join("");
  return {
    // An old backend, or one that does not know the flag, puts the prompt in front.
    text: prompt !== "" && text.startsWith(prompt) ? text.slice(prompt.length) : text,
    logprobs: logprobs.length === 1 ? (logprobs[0] ?? "") : joinLists(logprobs),
    finishReason,
    inputTokens,
    outputTokens,
    callMs: performance.now() - startedMs,
  };
}

function has(response: ModelInferResponse, name: string): boolean {
  return response.outputs.some((output) => output.name === name);
}

/** vLLM gives one element for each answer that was asked for: one. */
function textOf(response: ModelInferResponse, name: string): string {
  return outputTensor(response, { name, datatype: "BYTES", shape: [undefined] })[0] ?? "";
}

/** UINT32, little-endian; undefined where there is none. */
function countOf(response: ModelInferResponse, name: string): number | undefined {
  const index = response.outputs.findIndex((output) => output.name === name);
  const raw = response.rawOutputContents[index];
  if (index < 0 || !raw || raw.length < 4) return undefined;
  return new DataView(raw.buffer, raw.byteOffset, raw.byteLength).getUint32(0, true);
}

/** Lists of several parts, as JSON, end to end. */
function joinLists(lists: readonly string[]): string {
  if (lists.length === 0) return "";
  const inner = lists.map((list) => list.trim().replace(/^\[/, "").replace(/\]$/, "").trim());
  return `[${inner.filter((part) => part !== "").join(",")}]`;
}
