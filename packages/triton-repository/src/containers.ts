import { UserError } from "@followspot/domain";

/** A release of Triton with the vLLM backend in it. */
export interface Container {
  /** Year and month, as NVIDIA names its releases. */
  readonly tag: string;
  readonly image: string;
  readonly vllm: string;
  /** The version whose engine arguments stand for it; another one where its own is no published package. */
  readonly argumentsOf: string;
  /** Least driver of NVIDIA's on the host. */
  readonly driver: string;
  /** Under which key `sampling_parameters` takes a JSON schema or a choice: it was renamed with 25.11. */
  readonly constraintKey: "guided_decoding" | "structured_outputs";
}

/**
 * Which container carries which vLLM. 25.01 is the first whose vLLM knows Qwen2-VL (24.12 has 0.5.5).
 * https://github.com/triton-inference-server/server/blob/main/docs/introduction/compatibility.md
 */
export const CONTAINERS: readonly Container[] = [
  container("25.01", "0.6.3.post1", "570.86.10"),
  container("25.02", "0.7.0", "570.86.10"),
  container("25.03", "0.7.3", "570.124.06"),
  container("25.04", "0.8.1", "575.51.02"),
  container("25.05", "0.8.4", "575.51.03"),
  // A release candidate: its names are taken to be those of what followed it.
  container("25.06", "0.9.0rc1", "575.51.03", "0.9.0"),
  container("25.07", "0.9.0rc1", "575.51.03", "0.9.0"),
  container("25.08", "0.9.2", "580.82.07"),
  container("25.09", "0.10.1.1", "580.82.07"),
  container("25.10", "0.10.2", "580.95.05"),
  container("25.11", "0.11.0", "580.95.05"),
  container("25.12", "0.11.1", "590.44.01"),
  container("26.01", "0.13.0", "590.48.01"),
  container("26.02", "0.15.1", "590.48.01"),
  container("26.03", "0.17.1", "595.45.04"),
  container("26.04", "0.19.0", "595.58.03"),
  container("26.05", "0.19.0", "595.58.03"),
  container("26.06", "0.22.1", "610.43.02"),
  container("26.07", "0.24.0", "610.43.02"),
  container("26.08", "0.27.1", "615.61"),
];

function container(tag: string, vllm: string, driver: string, argumentsOf = vllm): Container {
  const image = `nvcr.io/nvidia/tritonserver:${tag}-vllm-python-py3`;
  const constraintKey = tag < "25.11" ? "guided_decoding" : "structured_outputs";
  return { tag, image, vllm, argumentsOf, driver, constraintKey };
}

/** @throws UserError for one that is not in the table */
export function containerOf(tag: string, where: string): Container {
  const found = CONTAINERS.find((one) => one.tag === tag);
  if (found) return found;
  const [first, last] = [CONTAINERS[0]?.tag, CONTAINERS.at(-1)?.tag];
  throw new UserError(
    `${where}: the container "${tag}" is not known here; take one of ${first} to ${last}, for example 26.01`,
  );
}
