import { create } from "@bufbuild/protobuf";
import {
  type ModelInferRequest,
  type ModelMetadataResponse,
  ModelMetadataResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import {
  DataType,
  type ModelConfig,
  ModelConfigSchema,
  ModelInstanceGroup_Kind,
} from "@followspot/schema/inference/model_config";
import { type ModelContract, SCORES_INPUTS, SCORES_OUTPUTS, type TensorSignature } from "@followspot/triton";
import { invalid } from "./grpc-failure.ts";

type Tensor = TensorSignature<keyof typeof DATA_TYPES>;

const DATA_TYPES = {
  BYTES: DataType.TYPE_STRING,
  FP32: DataType.TYPE_FP32,
  BOOL: DataType.TYPE_BOOL,
  UINT32: DataType.TYPE_UINT32,
} as const;

const flag = (name: string): Tensor => ({ name, type: "BOOL", dims: [1], optional: true });

/** The tensors of both contracts, as a real server would tell them. */
const SIGNATURES: Readonly<
  Record<ModelContract, { backend: string; inputs: readonly Tensor[]; outputs: readonly Tensor[] }>
> = {
  scores: {
    backend: "python",
    inputs: SCORES_INPUTS,
    outputs: SCORES_OUTPUTS,
  },
  vllm: {
    backend: "vllm",
    inputs: [
      { name: "text_input", type: "BYTES", dims: [1] },
      { name: "image", type: "BYTES", dims: [-1], optional: true },
      flag("stream"),
      { name: "sampling_parameters", type: "BYTES", dims: [1], optional: true },
      flag("exclude_input_in_output"),
      flag("return_finish_reason"),
      flag("return_logprobs"),
      flag("return_num_input_tokens"),
      flag("return_num_output_tokens"),
    ],
    outputs: [
      { name: "text_output", type: "BYTES", dims: [-1] },
      { name: "finish_reason", type: "BYTES", dims: [-1] },
      { name: "logprobs", type: "BYTES", dims: [-1] },
      { name: "num_input_tokens", type: "UINT32", dims: [1] },
      { name: "num_output_tokens", type: "UINT32", dims: [1] },
    ],
  },
};

export function metadataOf(name: string, contract: ModelContract): ModelMetadataResponse {
  const { backend, inputs, outputs } = SIGNATURES[contract];
  const tensors = (list: readonly Tensor[]) =>
    list.map(({ name, type, dims }) => ({ name, datatype: type, shape: dims.map(BigInt) }));
  return create(ModelMetadataResponseSchema, {
    name,
    versions: ["1"],
    platform: backend,
    inputs: tensors(inputs),
    outputs: tensors(outputs),
  });
}

export function configOf(
  name: string,
  contract: ModelContract,
  { slots, parameters }: { slots: number; parameters: Readonly<Record<string, string>> },
): ModelConfig {
  const { backend, inputs, outputs } = SIGNATURES[contract];
  const tensor = ({ name, type, dims }: Tensor) => ({
    name,
    dataType: DATA_TYPES[type],
    dims: dims.map(BigInt),
  });
  return create(ModelConfigSchema, {
    name,
    backend,
    input: inputs.map((input) => ({ ...tensor(input), optional: input.optional ?? false })),
    output: outputs.map(tensor),
    instanceGroup: [
      // The KIND_MODEL of the vLLM backend stands for one engine that batches by itself.
      {
        name: `${name}_0`,
        count: contract === "vllm" ? 1 : slots,
        kind: contract === "vllm" ? ModelInstanceGroup_Kind.MODEL : ModelInstanceGroup_Kind.CPU,
      },
    ],
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([key, stringValue]) => [key, { stringValue }]),
    ),
    modelTransactionPolicy: { decoupled: contract === "vllm" },
  });
}

/** Refuses what a real server refuses before the model sees it, in its words. @throws GrpcFailure */
export function checkInputs(request: ModelInferRequest, contract: ModelContract): void {
  const { modelName: model } = request;
  const prefix = `[request id: ${request.id || "<id_unknown>"}] `;
  const known = SIGNATURES[contract].inputs;
  const required = known.filter((input) => !input.optional).length;
  const given = request.inputs.length;
  // Only their number is looked at: a required input may be missing where an optional one was given.
  if (given < required || given > known.length) {
    const names = (list: readonly { name: string }[]) => list.map(({ name }) => `'${name}'`).join(",");
    const missing = known.filter(
      ({ name, optional }) => !optional && !request.inputs.some((i) => i.name === name),
    );
    throw invalid(
      `${prefix}expected number of inputs between ${required} and ${known.length} but got ${given} inputs for model ` +
        `'${model}'. Got input(s) [${names(request.inputs)}], but missing required input(s) [${names(missing)}]. ` +
        "Please provide all required input(s).",
    );
  }
  for (const { name, datatype, shape } of request.inputs) {
    const input = known.find((candidate) => candidate.name === name);
    if (!input) throw invalid(`unexpected inference input '${name}' for model '${model}'`);
    if (input.type !== datatype) {
      throw invalid(
        `${prefix}inference input '${name}' data-type is '${datatype}', but model '${model}' expects '${input.type}'`,
      );
    }
    const fits =
      shape.length === input.dims.length && input.dims.every((d, i) => d === -1 || BigInt(d) === shape[i]);
    if (!fits) {
      throw invalid(
        `${prefix}unexpected shape for input '${name}' for model '${model}'. Expected [${input.dims.join()}], got [${shape.join()}]. `,
      );
    }
  }
  if (request.rawInputContents.length !== given) {
    throw invalid(
      `expected ${given} raw input contents for model '${model}', got ${request.rawInputContents.length}`,
    );
  }
}
