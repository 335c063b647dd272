import type { ModelInferRequest } from "@followspot/schema/inference/grpc_service";
import { bytesTensor, type InferRequestParts, type InputTensor, inferRequest } from "./infer-messages.ts";

export interface ScoresQuestion {
  readonly jpeg: Uint8Array;
  /** The closed set to score; the model's own labels where left out or empty. */
  readonly labels?: readonly string[] | undefined;
  /** The constant text about cast, props and scene that stands before the picture; the model's own where left out. */
  readonly prompt?: string | undefined;
  /** Whether boxes are worth their time; as the model likes where left out. Boxes that it does not give are absent. */
  readonly boxes?: boolean | undefined;
  /** A LoRA adapter of the model, by name; the bare model where left out. */
  readonly adapter?: string | undefined;
  /** Which wording of the prompt this is, for the server's log and, where it can, its answer. */
  readonly promptVersion?: string | undefined;
}

export interface ScoresRequestOptions extends ScoresQuestion {
  readonly model: string;
  readonly id: string;
  /** Whether the model batches over requests: each then has a batch of one, a leading 1 in every shape. */
  readonly batched?: boolean | undefined;
}

/** The request of the `scores` contract, as a message. */
export function scoresRequest(options: ScoresRequestOptions): ModelInferRequest {
  return inferRequest(scoresParts(options));
}

/** The request of the `scores` contract, for a call that sends the picture from where it lies. */
export function scoresParts({
  jpeg,
  labels = [],
  prompt,
  boxes,
  adapter,
  promptVersion,
  model,
  id,
  batched = false,
}: ScoresRequestOptions): InferRequestParts {
  const inputs = [bytesTensor("image", [jpeg])];
  // An empty tensor would ask for no label at all.
  if (labels.length > 0) inputs.push(bytesTensor("labels", labels));
  if (prompt !== undefined) inputs.push(bytesTensor("prompt", [prompt]));
  return {
    model,
    id,
    inputs: batched ? inputs.map(batchOfOne) : inputs,
    parameters: {
      ...(boxes !== undefined && { boxes }),
      ...(adapter !== undefined && { adapter }),
      ...(promptVersion !== undefined && { prompt_version: promptVersion }),
    },
  };
}

function batchOfOne(tensor: InputTensor): InputTensor {
  return { ...tensor, shape: [1, ...tensor.shape] };
}
