import type { ModelMetadataResponse } from "@followspot/schema/inference/grpc_service";
import type { ModelConfig } from "@followspot/schema/inference/model_config";
import { InferenceError } from "./inference-error.ts";

/** The ways in which a model can be asked about a picture. `scores` is unary, `vllm` is decoupled. */
export type ModelContract = "scores" | "vllm";

interface ContractTensors {
  readonly decoupled: boolean;
  /** Whether a model may have `max_batch_size` above 0, with a leading batch dimension in every tensor. */
  readonly mayBatch: boolean;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The tensors that a model must have to speak a contract. It may have more. */
const CONTRACTS: Readonly<Record<ModelContract, ContractTensors>> = {
  scores: {
    decoupled: false,
    mayBatch: true,
    inputs: { image: "BYTES" },
    outputs: { label: "BYTES", score: "FP32", raw: "FP32", box: "FP32", unknown: "FP32" },
  },
  vllm: {
    decoupled: true,
    mayBatch: false,
    inputs: { text_input: "BYTES", image: "BYTES", sampling_parameters: "BYTES" },
    outputs: { text_output: "BYTES" },
  },
};

/** Which contract a model speaks, by its tensors. @throws InferenceError unsupported-model where it speaks none */
export function detectContract(metadata: ModelMetadataResponse, config: ModelConfig): ModelContract {
  const decoupled = config.modelTransactionPolicy?.decoupled ?? false;
  for (const contract of Object.keys(CONTRACTS) as ModelContract[]) {
    const wanted = CONTRACTS[contract];
    if (!hasAll(metadata.inputs, wanted.inputs) || !hasAll(metadata.outputs, wanted.outputs)) continue;
    if (decoupled !== wanted.decoupled) {
      throw unsupported(
        `model "${metadata.name}" has the tensors of the ${contract} contract, but is ${decoupled ? "" : "not "}decoupled`,
      );
    }
    if (config.maxBatchSize > 0 && !wanted.mayBatch) {
      throw unsupported(
        `model "${metadata.name}" batches: the ${contract} contract has no batch dimension, set its max_batch_size to 0`,
      );
    }
    return contract;
  }
  throw unsupported(
    `model "${metadata.name}" speaks neither the scores nor the vllm contract: ` +
      `its inputs are ${list(metadata.inputs)}, its outputs ${list(metadata.outputs)}`,
  );
}

type Tensors = ModelMetadataResponse["inputs"];

function hasAll(tensors: Tensors, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, datatype]) =>
    tensors.some((tensor) => tensor.name === name && tensor.datatype === datatype),
  );
}

function list(tensors: Tensors): string {
  return tensors.map(({ name, datatype }) => `${name} ${datatype}`).join(", ") || "none";
}

function unsupported(message: string): InferenceError {
  return new InferenceError("unsupported-model", message);
}
