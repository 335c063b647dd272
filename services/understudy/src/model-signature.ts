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
import { SCORES_INPUTS, SCORES_OUTPUTS, type TensorSignature } from "@followspot/triton";
import { invalid } from "./grpc-failure.ts";
import { type LoadedModel, MODEL_NAME } from "./model-repository.ts";

const BACKEND = "followspot-understudy";
const VERSION = "1";

export function metadata(): ModelMetadataResponse {
  const tensors = (list: readonly TensorSignature[]) =>
    list.map(({ name, type, dims }) => ({ name, datatype: type, shape: dims.map(BigInt) }));
  return create(ModelMetadataResponseSchema, {
    name: MODEL_NAME,
    versions: [VERSION],
    platform: BACKEND,
    inputs: tensors(SCORES_INPUTS),
    outputs: tensors(SCORES_OUTPUTS),
  });
}

export function configuration({ version, accuracy, labels }: LoadedModel, threads: number): ModelConfig {
  const tensor = ({ name, type, dims }: TensorSignature) => ({
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
    input: SCORES_INPUTS.map((input) => ({ ...tensor(input), optional: input.optional ?? false })),
    output: SCORES_OUTPUTS.map(tensor),
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
  const required = SCORES_INPUTS.filter((input) => !input.optional).length;
  const given = request.inputs.length;
  if (given < required || given > SCORES_INPUTS.length) {
    throw invalid(
      `${prefix}expected number of inputs between ${required} and ${SCORES_INPUTS.length} but got ${given} inputs for model '${MODEL_NAME}'`,
    );
  }
  for (const { name, datatype, shape } of request.inputs) {
    const input = SCORES_INPUTS.find((candidate) => candidate.name === name);
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
