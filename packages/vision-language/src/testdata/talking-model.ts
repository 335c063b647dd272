import type { ScriptedModelOptions, ScriptedPart, ScriptedRequest } from "@followspot/testkit/scripted-triton";

/** What a request asked for, besides its pictures. */
export interface Sampled {
  readonly max_tokens: number;
  readonly temperature?: number;
  readonly logprobs?: number;
  readonly structured_outputs?: string;
  readonly guided_decoding?: string;
  readonly lora_name?: string;
}

export interface TalkingModelOptions {
  readonly name?: string;
  /** Under which key it takes constraints; any other fails as the vLLM backend does, without naming the key. */
  readonly key?: "structured_outputs" | "guided_decoding" | "none";
  /** What it says about a picture. */
  readonly say: (request: ScriptedRequest, sampled: Sampled) => readonly ScriptedPart[];
}

/** A model of the `vllm` contract that answers the probes of a start-up by itself. */
export function talkingModel({
  name = "qwen2_vl",
  key = "structured_outputs",
  say,
}: TalkingModelOptions): ScriptedModelOptions {
  return {
    name,
    contract: "vllm",
    version: "weights-1",
    rung: "qwen2-vl",
    accuracy: 0,
    slots: 32,
    texts: (request) => {
      const sampled = JSON.parse(request.sampling) as Sampled;
      for (const known of ["structured_outputs", "guided_decoding"] as const) {
        if (sampled[known] !== undefined && known !== key) {
          throw new Error("'NoneType' object has no attribute 'lora_name'");
        }
      }
      return request.images.length === 0 ? ["yes"] : say(request, sampled);
    },
  };
}

/** The log probabilities of one token, as the backend writes them. */
export function alternatives(probabilities: Readonly<Record<string, number>>): string {
  const entries = Object.entries(probabilities).map(([token, probability], at) => [
    String(100 + at),
    { logprob: Math.log(probability), rank: at + 1, decoded_token: token },
  ]);
  return JSON.stringify([Object.fromEntries(entries)]);
}
