import { UserError } from "@followspot/domain";

/** A release of Triton with the vLLM backend in it. */
export interface Container {
  /** Year and month, as NVIDIA names its releases. */
  readonly tag: string;
  readonly image: string;
  readonly vllm: string;
  /** Under which key `sampling_parameters` takes a JSON schema or a choice: it was renamed with 25.11. */
  readonly constraintKey: "guided_decoding" | "structured_outputs";
}

/**
 * Which container carries which vLLM, of those whose engine arguments we know (`engine-arguments.json`).
 * https://github.com/triton-inference-server/server/blob/main/docs/introduction/compatibility.md
 */
export const CONTAINERS: readonly Container[] = [
  container("25.10", "0.10.2", "guided_decoding"),
  container("25.11", "0.11.0", "structured_outputs"),
  container("25.12", "0.11.1", "structured_outputs"),
  container("26.01", "0.13.0", "structured_outputs"),
  container("26.03", "0.17.1", "structured_outputs"),
  container("26.04", "0.19.0", "structured_outputs"),
  container("26.05", "0.19.0", "structured_outputs"),
];

function container(tag: string, vllm: string, constraintKey: Container["constraintKey"]): Container {
  return { tag, vllm, constraintKey, image: `nvcr.io/nvidia/tritonserver:${tag}-vllm-python-py3` };
}

/** @throws UserError for one that is not in the table */
export function containerOf(tag: string, where: string): Container {
  const found = CONTAINERS.find((one) => one.tag === tag);
  if (found) return found;
  const known = CONTAINERS.map((one) => one.tag).join(", ");
  throw new UserError(`${where}: the container "${tag}" is not known here; take one of ${known}`);
}
