import { status } from "@grpc/grpc-js";
import { refusedByModel } from "./grpc-failure.ts";
import type { ReceivedRequest } from "./received-request.ts";
import type { ScriptedRequest } from "./scripted-request.ts";

/** The fields of vLLM's SamplingParams (0.11), and `lora_name` of the backend's own. Any other key fails. */
const SAMPLING_KEYS = new Set(
  (
    "n best_of presence_penalty frequency_penalty repetition_penalty temperature top_p top_k min_p seed stop " +
    "stop_token_ids ignore_eos max_tokens min_tokens logprobs prompt_logprobs logprob_token_ids detokenize " +
    "skip_special_tokens spaces_between_special_tokens include_stop_str_in_output truncate_prompt_tokens logit_bias " +
    "allowed_token_ids bad_words extra_args lora_name"
  ).split(" "),
);
const CONSTRAINT_KEYS = ["structured_outputs", "guided_decoding"];
const CONSTRAINTS = ["json", "regex", "choice", "grammar", "json_object", "structural_tag"];
const MAX_LOGPROBS = 20;

export interface VllmOptions {
  /** The key of constrained decoding that this version knows; either where left out. */
  readonly structuredKey?: string | undefined;
  /** The names of LoRA adapters; none where empty, any where left out. */
  readonly adapters?: readonly string[] | undefined;
}

/** Refuses what the vLLM backend refuses, in its words, which are often Python's. @throws GrpcFailure */
export function checkVllmRequest(
  message: ReceivedRequest,
  request: ScriptedRequest,
  { structuredKey, adapters }: VllmOptions,
): void {
  const sampling = readSampling(message, request.sampling);
  checkAdapter(sampling.lora_name, adapters);
  if (!message.inputs.some(({ name }) => name === "text_input")) {
    throw generating("'NoneType' object has no attribute 'as_numpy'");
  }
  for (const image of request.images) checkBase64(image);
  const excluded = message.inputs.some(({ name }) => name === "exclude_input_in_output");
  if (request.flags.has("stream") && excluded && !request.flags.has("exclude_input_in_output")) {
    throw generating("When streaming, `exclude_input_in_output` = False is not allowed.");
  }
  // What is wrong with it stands in the server's log only.
  if (!isSampling(sampling, structuredKey))
    throw generating("'NoneType' object has no attribute 'lora_name'");
}

type Sampling = Readonly<Record<string, unknown>>;

function readSampling({ model }: ReceivedRequest, text: string): Sampling {
  try {
    const sampling: unknown = JSON.parse(text || "{}");
    if (typeof sampling === "object" && sampling !== null) return sampling as Sampling;
  } catch {
    // Refused below, like what is JSON and no object.
  }
  // Parsed where nothing catches: Python's own words and the place in the file, which is left out here.
  throw refusedByModel(
    `Failed to process the request(s) for model '${model}_0_0', message: JSONDecodeError: sampling_parameters`,
    status.INTERNAL,
  );
}

function checkAdapter(name: unknown, adapters: readonly string[] | undefined): void {
  if (typeof name !== "string" || !adapters || adapters.includes(name)) return;
  const known = adapters.map((adapter) => `'${adapter}'`).join(", ");
  throw refusedByModel(
    adapters.length === 0
      ? "LoRA feature is not enabled."
      : `LoRA ${name} is not supported, we currently support [${known}]`,
    status.INTERNAL,
  );
}

/** As Python's b64decode, which passes over what is not of the alphabet. */
function checkBase64(text: Uint8Array): void {
  const data = Buffer.from(text)
    .toString("latin1")
    .replace(/[^A-Za-z0-9+/]/g, "").length;
  if (data % 4 === 1) {
    throw generating(
      `Invalid base64-encoded string: number of data characters (${data}) cannot be 1 more than a multiple of 4`,
    );
  }
  const padding = Buffer.from(text).toString("latin1").split("=").length - 1;
  if (data % 4 !== 0 && padding < 4 - (data % 4)) throw generating("Incorrect padding");
}

function isSampling(sampling: Sampling, structuredKey: string | undefined): boolean {
  const constraintKeys = structuredKey === undefined ? CONSTRAINT_KEYS : [structuredKey];
  return Object.entries(sampling).every(([key, value]) => {
    if (value === null) return true;
    if (constraintKeys.includes(key)) return isConstraint(value);
    if (!SAMPLING_KEYS.has(key)) return false;
    if (key === "max_tokens" || key === "n") return Number(value) >= 1;
    if (key === "temperature") return Number(value) >= 0;
    if (key === "logprobs") return Number(value) >= 0 && Number(value) <= MAX_LOGPROBS;
    return true;
  });
}

/** JSON within JSON, with exactly one constraint. */
function isConstraint(value: unknown): boolean {
  if (typeof value !== "string") return false;
  try {
    const keys = Object.keys(JSON.parse(value) as object);
    return keys.length === 1 && keys.every((key) => CONSTRAINTS.includes(key));
  } catch {
    return false;
  }
}

function generating(details: string) {
  return refusedByModel(`Error generating stream: ${details}`, status.INTERNAL);
}
