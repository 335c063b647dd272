import type { ModelInferRequest } from "@followspot/schema/inference/grpc_service";
import { decodeBytes, decodeStrings } from "@followspot/triton";
import { invalid } from "./grpc-failure.ts";

/** What a script sees of a request, of either contract. */
export interface ScriptedRequest {
  readonly id: string;
  /** Counts from 1 over all requests to the model. */
  readonly number: number;
  /** The first picture: a JPEG (`scores`) or its base64 text as bytes (`vllm`). Empty where there was none. */
  readonly image: Uint8Array;
  /** The closed set that was asked for; empty where none was. */
  readonly labels: readonly string[];
  /** `prompt` or `text_input`; empty where there was none. */
  readonly prompt: string;
  /** Every picture, as `image` is the first. */
  readonly images: readonly Uint8Array[];
  /** `sampling_parameters` as it was sent, JSON in words; empty where there was none. */
  readonly sampling: string;
}

/** @throws GrpcFailure as a model does that cannot read its input */
export function readRequest(request: ModelInferRequest, number: number): ScriptedRequest {
  const raw = (name: string): { bytes: Uint8Array; count: number } | undefined => {
    const index = request.inputs.findIndex((input) => input.name === name);
    const bytes = request.rawInputContents[index];
    return bytes && { bytes, count: Number(request.inputs[index]?.shape[0] ?? 0n) };
  };
  try {
    const image = raw("image");
    const labels = raw("labels");
    const prompt = raw("prompt") ?? raw("text_input");
    const sampling = raw("sampling_parameters");
    const images = image ? decodeBytes(image.bytes, image.count) : [];
    return {
      id: request.id,
      number,
      image: images[0] ?? new Uint8Array(),
      images,
      labels: labels ? decodeStrings(labels.bytes, labels.count) : [],
      prompt: (prompt && decodeStrings(prompt.bytes, prompt.count)[0]) ?? "",
      sampling: (sampling && decodeStrings(sampling.bytes, sampling.count)[0]) ?? "",
    };
  } catch (error) {
    throw invalid(`[request id: ${request.id || "<id_unknown>"}] ${String(error)}`);
  }
}
