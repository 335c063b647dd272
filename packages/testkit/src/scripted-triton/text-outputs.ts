import { encodeBytes, encodeFp32 } from "@followspot/triton";
import type { Output } from "./responses.ts";
import type { ScriptedRequest } from "./scripted-request.ts";

/** A part of what a script answers to a request of the `vllm` contract; `logprobs` is JSON, a list with one entry a token. */
export type ScriptedPart = string | { readonly text: string; readonly logprobs: string };

/** A word is as good as a token where no tokenizer is. */
const WORD = /\S+/g;

/**
 * The outputs of each response: one a part where the request streams, everything in one where it does not. With the
 * prompt in front where the request does not exclude it, and with what its `return_` inputs ask for.
 */
export function textOutputs(parts: readonly ScriptedPart[], request: ScriptedRequest): Output[][] {
  const { flags, prompt } = request;
  const sent = flags.has("stream") ? parts : [joined(parts)];
  const echo = flags.has("stream") || flags.has("exclude_input_in_output") ? "" : prompt;
  return sent.map((part, index) => {
    const { text, logprobs } = typeof part === "string" ? { text: part, logprobs: "null" } : part;
    const last = index === sent.length - 1;
    const outputs: [flag: string | undefined, output: Output][] = [
      [undefined, bytes("text_output", (index === 0 ? echo : "") + text)],
      ["return_finish_reason", bytes("finish_reason", last ? "stop" : "None")],
      [
        "return_cumulative_logprob",
        { name: "cumulative_logprob", datatype: "FP32", shape: [1], raw: encodeFp32([0]) },
      ],
      ["return_logprobs", bytes("logprobs", logprobs)],
      // A scalar from the real backend too, although its configuration says [1].
      ["return_num_input_tokens", uint32("num_input_tokens", [], words(prompt))],
      ["return_num_output_tokens", uint32("num_output_tokens", [1], words(text))],
    ];
    return outputs.flatMap(([flag, output]) => (flag === undefined || flags.has(flag) ? [output] : []));
  });
}

function joined(parts: readonly ScriptedPart[]): ScriptedPart {
  const text = parts.map((part) => (typeof part === "string" ? part : part.text)).join("");
  const tokens = parts.flatMap((part) =>
    typeof part === "string" ? [] : ((JSON.parse(part.logprobs) as unknown[] | null) ?? []),
  );
  return tokens.length === 0 ? text : { text, logprobs: JSON.stringify(tokens) };
}

function bytes(name: string, text: string): Output {
  return { name, datatype: "BYTES", shape: [1], raw: encodeBytes([text]) };
}

function uint32(name: string, shape: readonly number[], value: number): Output {
  const raw = Buffer.alloc(4);
  raw.writeUInt32LE(value);
  return { name, datatype: "UINT32", shape, raw };
}

function words(text: string): number {
  return text.match(WORD)?.length ?? 0;
}
