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
import { invalid } from "./grpc-failure.ts";
import { type LoadedModel, MODEL_NAME } from "./model-repository.ts";

interface Tensor {
  readonly name: string;
  readonly type: "BYTES" | "FP32";
  readonly dims: readonly number[];
  readonly optional?: true;
}

/** The `scores` contract. */
export const INPUTS: readonly Tensor[] = [
  { name: "image", type: "BYTES", dims: [1] },
  { name: "labels", type: "BYTES", dims: [-1], optional: true },
  { name: "prompt", type: "BYTES", dims: [1], optional: true },
];
export const OUTPUTS: readonly Tensor[] = [
  { name: "label", type: "BYTES", dims: [-1] },
  { name: "score", type: "FP32", dims: [-1] },
  { name: "raw", type: "FP32", dims: [-1] },
  { name: "box", type: "FP32", dims: [-1, 4] },
  { name: "unknown", type: "FP32", dims: [1] },
];
const BACKEND = "followspot-understudy";
const VERSION = "1";

export function metadata(): ModelMetadataResponse {
  const tensors = (list: readonly Tensor[]) =>
    list.map(({ name, type, dims }) => ({ name, datatype: type, shape: dims.map(BigInt) }));
  return create(ModelMetadataResponseSchema, {
    name: MODEL_NAME,
    versions: [VERSION],
    platform: BACKEND,
    inputs: tensors(INPUTS),
    outputs: tensors(OUTPUTS),
  });
}

export function configuration({ version, accuracy, labels }: LoadedModel, threads: number): ModelConfig {
  const tensor = ({ name, type, dims }: Tensor) => ({
    name,
    dataType: type === "BYTES" ? DataType.TYPE_STRING : DataType.TYPE_FP32,
    dims: dims.map(BigInt),
  });
  const parameters = {
    version,
    accuracy: accuracy ? accuracy.top1.toFixed(4) : "",
    rung: "understudy",
    labels: labels.join(","),
  };
  return create(ModelConfigSchema, {
    name: MODEL_NAME,
    backend: BACKEND,
    input: INPUTS.map((input) => ({ ...tensor(input), optional: input.optional ?? false })),
    output: OUTPUTS.map(tensor),
    instanceGroup: [{ name: `${MODEL_NAME}_0`, count: threads, kind: ModelInstanceGroup_Kind.CPU }],
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([key, stringValue]) => [key, { stringValue }]),
    ),
    modelTransactionPolicy: { decoupled: false },
  });
}

/** Refuses what a real server refuses before the model sees it, in its words. @throws GrpcFailure INVALID_ARGUMENT */
export function checkInputs(request: ModelInferRequest): void {
  const prefix = `[request id: ${request.id || "<id_unknown>"}] `;
  const required = INPUTS.filter((input) => !input.optional).length;
  const given = request.inputs.length;
  if (given < required || given > INPUTS.length) {
    throw invalid(
      `${prefix}expected number of inputs between ${required} and ${INPUTS.length} but got ${given} inputs for model '${MODEL_NAME}'`,
    );
  }
  for (const { name, datatype, shape } of request.inputs) {
    const input = INPUTS.find((candidate) => candidate.name === name);
    if (!input) throw invalid(`${prefix}unexpected inference input '${name}' for model '${MODEL_NAME}'`);
    if (input.type !== datatype) {
      throw invalid(
        `${prefix}inference input '${name}' data-type is '${datatype}', but model '${MODEL_NAME}' expects '${input.type}'`,
      );
    }
    const fits =
      shape.length === input.dims.length &&
      input.dims.every((size, axis) => size === -1 || BigInt(size) === shape[axis]);
    if (!fits) {
      throw invalid(
        `${prefix}unexpected shape for input '${name}' for model '${MODEL_NAME}'. Expected [${input.dims.join()}], got [${shape.join()}]. `,
      );
    }
  }
}
