import { create } from "@bufbuild/protobuf";
import {
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

export type Tensor = TensorSignature<keyof typeof DATA_TYPES>;

/** The tensors of a model, as a real server would tell them. */
export interface Signature {
  readonly backend: string;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** What stands before the dimensions of every tensor: nothing, or the batch. */
  readonly batchDims: readonly number[];
}

const DATA_TYPES = {
  BYTES: DataType.TYPE_STRING,
  FP32: DataType.TYPE_FP32,
  BOOL: DataType.TYPE_BOOL,
  UINT32: DataType.TYPE_UINT32,
} as const;

const flag = (name: string): Tensor => ({ name, type: "BOOL", dims: [1], optional: true });

const TENSORS: Readonly<Record<ModelContract, Omit<Signature, "batchDims">>> = {
  scores: { backend: "python", inputs: SCORES_INPUTS, outputs: SCORES_OUTPUTS },
  vllm: {
    backend: "vllm",
    inputs: [
      { name: "text_input", type: "BYTES", dims: [1] },
      { name: "image", type: "BYTES", dims: [-1], optional: true },
      flag("stream"),
      { name: "sampling_parameters", type: "BYTES", dims: [1], optional: true },
      flag("exclude_input_in_output"),
      flag("return_finish_reason"),
      flag("return_cumulative_logprob"),
      flag("return_logprobs"),
      flag("return_num_input_tokens"),
      flag("return_num_output_tokens"),
      { name: "embedding_request", type: "BYTES", dims: [1], optional: true },
    ],
    outputs: [
      { name: "text_output", type: "BYTES", dims: [-1] },
      { name: "finish_reason", type: "BYTES", dims: [-1] },
      { name: "cumulative_logprob", type: "FP32", dims: [-1] },
      { name: "logprobs", type: "BYTES", dims: [-1] },
      { name: "num_input_tokens", type: "UINT32", dims: [1] },
      { name: "num_output_tokens", type: "UINT32", dims: [-1] },
    ],
  },
};

export function signatureOf(contract: ModelContract, maxBatchSize: number): Signature {
  return { ...TENSORS[contract], batchDims: maxBatchSize > 0 ? [-1] : [] };
}

export function metadataOf(
  name: string,
  { backend, inputs, outputs, batchDims }: Signature,
): ModelMetadataResponse {
  const tensors = (list: readonly Tensor[]) =>
    list.map(({ name, type, dims }) => ({
      name,
      datatype: type,
      shape: [...batchDims, ...dims].map(BigInt),
    }));
  return create(ModelMetadataResponseSchema, {
    name,
    versions: ["1"],
    platform: backend,
    inputs: tensors(inputs),
    outputs: tensors(outputs),
  });
}

export interface ConfigOptions {
  readonly contract: ModelContract;
  readonly maxBatchSize: number;
  readonly slots: number;
  readonly parameters: Readonly<Record<string, string>>;
}

export function configOf(
  name: string,
  { contract, maxBatchSize, slots, parameters }: ConfigOptions,
): ModelConfig {
  const { backend, inputs, outputs } = TENSORS[contract];
  const tensor = ({ name, type, dims }: Tensor) => ({
    name,
    dataType: DATA_TYPES[type],
    dims: dims.map(BigInt),
  });
  return create(ModelConfigSchema, {
    name,
    backend,
    maxBatchSize,
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
