import { RUNGS, type Rung } from "@followspot/domain";
import type { ModelMetadataResponse } from "@followspot/schema/inference/grpc_service";
import type { ModelConfig } from "@followspot/schema/inference/model_config";
import { InferenceError } from "./inference-error.ts";

/** Which model answers, and what it is worth. */
export interface ModelIdentity {
  readonly name: string;
  /** Content hash of model, calibration and prompt. */
  readonly version: string;
  /** Measured on the show's own data set, 0 to 1; 0 where it was not measured. */
  readonly accuracy: number;
  readonly rung: Rung;
  /** Requests that the server works on at once, at least 1; what is sent beyond waits there. */
  readonly instances: number;
  /** Present where the server batches over requests: all tensors then have a leading batch dimension. */
  readonly batched?: true;
}

/** Reads the parameters `version`, `accuracy` and `rung`, and the instances. @throws InferenceError unsupported-model */
export function identityOf(name: string, config: ModelConfig): ModelIdentity {
  const { parameters, maxBatchSize } = config;
  const version = parameters.version?.stringValue;
  if (!version) throw unsupported(name, 'no parameter "version"');
  const rungText = parameters.rung?.stringValue ?? "";
  const rung = RUNGS.find((known) => known === rungText);
  if (!rung) throw unsupported(name, `the rung "${rungText}", which is none of ${RUNGS.join(", ")}`);
  return {
    name,
    version,
    accuracy: accuracyOf(name, parameters),
    rung,
    instances: instancesOf(config),
    ...(maxBatchSize > 0 && { batched: true }),
  };
}

/** A stock engine says only which of its versions it is; its configuration may say more, in the same parameters. */
export function engineIdentityOf(
  name: string,
  { metadata, config }: { readonly metadata: ModelMetadataResponse; readonly config: ModelConfig },
): ModelIdentity {
  const { parameters } = config;
  const version = parameters.version?.stringValue || `${name}.${metadata.versions.at(-1) ?? "0"}`;
  const accuracy = accuracyOf(name, parameters);
  return { name, version, accuracy, rung: "qwen2-vl", instances: instancesOf(config) };
}

function accuracyOf(name: string, parameters: ModelConfig["parameters"]): number {
  const accuracyText = parameters.accuracy?.stringValue ?? "";
  const accuracy = accuracyText.trim() === "" ? 0 : Number(accuracyText);
  if (!(accuracy >= 0 && accuracy <= 1)) {
    throw unsupported(name, `the accuracy "${accuracyText}", which is no number from 0 to 1`);
  }
  return accuracy;
}

function instancesOf({ instanceGroup, maxBatchSize }: ModelConfig): number {
  // A group has its count on each of its GPUs.
  const counts = instanceGroup.map(({ count, gpus }) => count * Math.max(1, gpus.length));
  const instances = counts.reduce((total, count) => total + count, 0);
  return Math.max(1, instances) * Math.max(1, maxBatchSize);
}

function unsupported(name: string, what: string): InferenceError {
  return new InferenceError("unsupported-model", `the configuration of model "${name}" has ${what}`);
}
