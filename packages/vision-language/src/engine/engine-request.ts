import type { ModelInferRequest } from "@followspot/schema/inference/grpc_service";
import { bytesTensor, inferRequest, type InputTensor, InferenceError } from "@followspot/triton";
import { type ConstraintKey, type Sampling, samplingParameters } from "./sampling.ts";

/** One prompt, its pictures, and how to answer. */
export interface EngineQuestion {
  /** Finished: see `chatPrompt`. */
  readonly prompt: string;
  /** JPEGs, one for each placeholder in the prompt, in the same order. */
  readonly pictures: readonly Uint8Array[];
  readonly sampling: Sampling;
  /** Travels with the request, for logs and for who reads the answer. */
  readonly promptVersion?: string | undefined;
}

export interface EngineRequestOptions {
  readonly model: string;
  readonly id: string;
  /** The inputs that the model has: not every version of the backend has all of the flags, and refuses those. */
  readonly takes: ReadonlySet<string>;
  readonly constraintKey: ConstraintKey | undefined;
}

/** More is no question that this system asks: a show bible of a few hundred pages at most. */
const MOST_CHARACTERS = 400_000;
const MOST_PICTURES = 64;
const PLACEHOLDER = "<|image_pad|>";

/**
 * A request of the `vllm` contract, answered whole and not in pieces.
 * @throws InferenceError rejected for what the backend would not take, or would answer strangely
 */
export function engineRequest(
  { prompt, pictures, sampling, promptVersion }: EngineQuestion,
  { model, id, takes, constraintKey }: EngineRequestOptions,
): ModelInferRequest {
  if (prompt.length > MOST_CHARACTERS) {
    throw rejected(`the prompt has ${prompt.length} characters, more than ${MOST_CHARACTERS}`);
  }
  const places = prompt.split(PLACEHOLDER).length - 1;
  if (places !== pictures.length) {
    throw rejected(`the prompt has places for ${places} pictures, and ${pictures.length} are sent`);
  }
  if (pictures.length > MOST_PICTURES)
    throw rejected(`${pictures.length} pictures are more than ${MOST_PICTURES}`);
  const flags = [
    flag("stream", false),
    // Otherwise the prompt stands before the answer, with every name of the cast in it.
    flag("exclude_input_in_output", true),
    ...(sampling.logprobs === undefined ? [] : [flag("return_logprobs", true)]),
    flag("return_finish_reason", true),
    flag("return_num_input_tokens", true),
    flag("return_num_output_tokens", true),
  ].filter(({ name }) => takes.has(name));
  const images = pictures.map((jpeg) =>
    Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength).toString("base64"),
  );
  // A server that tells no probabilities is not asked for any.
  const { logprobs: _, ...plain } = sampling;
  const asked = takes.has("return_logprobs") ? sampling : plain;
  return inferRequest({
    model,
    id,
    inputs: [
      bytesTensor("text_input", [prompt]),
      ...(images.length > 0 ? [bytesTensor("image", images)] : []),
      bytesTensor("sampling_parameters", [samplingParameters(asked, constraintKey)]),
      ...flags,
    ],
    parameters: promptVersion === undefined ? {} : { prompt_version: promptVersion },
  });
}

function flag(name: string, on: boolean): InputTensor {
  return { name, datatype: "BOOL", shape: [1], raw: Uint8Array.of(on ? 1 : 0) };
}

function rejected(message: string): InferenceError {
  return new InferenceError("rejected", message);
}
