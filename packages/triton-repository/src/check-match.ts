import type { Card } from "./card.ts";
import { type Container, CONTAINERS } from "./containers.ts";
import { isOlder } from "./engine-arguments.ts";
import type { Findings } from "./finding.ts";
import type { ModelShape } from "./model-shape.ts";
import type { Profile } from "./profile.ts";

/** What of model.json must fit the weights and the card. */
export interface EngineChoice {
  readonly dtype: string;
  readonly quantization?: string | null | undefined;
  readonly tensor_parallel_size: number;
  readonly pipeline_parallel_size: number;
}

export interface Match {
  readonly engine: EngineChoice;
  readonly shape: ModelShape;
  readonly container: Container;
  /** The value file that it was rendered from, where it is known. */
  readonly profile: Profile | undefined;
  readonly cards: readonly Card[] | undefined;
  /** The first of the cards that it runs on. */
  readonly card: Card | undefined;
  /** File and line of an argument. */
  readonly at: (key: keyof EngineChoice | "model") => string;
}

/** The first vLLM of ours that knows a `model_type`; those that are not named are known to all. */
const KNOWN_SINCE: Readonly<Record<string, string>> = {
  qwen2_5_vl: "0.7.3",
  qwen3_vl: "0.11.0",
  glm: "0.7.0",
};
/** vllm/transformers_utils/config.py, patch_rope_parameters */
const NEW_ROPE_SINCE = "0.13.0";
/** Least compute capability of each way to store weights: get_min_capability in vllm/model_executor/layers/quantization. */
const LEAST_CAPABILITY: Readonly<Record<string, number>> = { awq: 7.5, gptq: 6, fp8: 8 };
const BFLOAT_CAPABILITY = 8;
/** Ada and Hopper multiply 8-bit floats. */
const FP8_CAPABILITY = 8.9;
/** Numbers that share one scale, in Qwen's AWQ and GPTQ files. */
const GROUP = 128;

/** Whether weights, arguments, container, profile and card belong together. */
export function checkMatch(match: Match, findings: Findings): void {
  checkContainer(match, findings);
  checkProfile(match, findings);
  checkQuantization(match, findings);
  checkCapability(match, findings);
  checkParallel(match, findings);
}

function checkContainer({ shape, container, at }: Match, findings: Findings): void {
  const { argumentsOf: vllm, tag } = container;
  const since = KNOWN_SINCE[shape.type];
  if (since !== undefined && isOlder(vllm, since)) {
    findings.error(
      at("model"),
      `vLLM ${container.vllm} (container ${tag}) does not know ${shape.type}: take container ${firstWith(since)} or later`,
    );
  }
  if (shape.newRope && isOlder(vllm, NEW_ROPE_SINCE)) {
    findings.error(
      at("model"),
      `config.json of the weights was written by transformers 5 (rope_parameters), and vLLM ${container.vllm} (container ${tag}) finds no positions in it: take container ${firstWith(NEW_ROPE_SINCE)} or later, or the config.json of the model's page`,
    );
  }
}

function firstWith(vllm: string): string {
  return CONTAINERS.find((one) => !isOlder(one.argumentsOf, vllm))?.tag ?? "";
}

function checkProfile({ shape, profile, engine, at }: Match, findings: Findings): void {
  if (!profile) return;
  if (profile.type !== shape.type) {
    findings.error(
      at("model"),
      `these are weights of the type ${shape.type || "that config.json does not say"}, and the profile ${profile.name} is for ${profile.type}: its prompts would not fit; take the weights of ${profile.weights}, or render with another profile`,
    );
    return;
  }
  const stored = shape.quantized ?? engine.quantization ?? undefined;
  const meant = METHODS[profile.format];
  if (plainMethod(stored) !== meant) {
    findings.warn(
      at("model"),
      `the weights are stored as ${stored ?? "16-bit floats"}, and the profile ${profile.name} is for ${profile.format}: take the profile of these weights`,
    );
  }
}

const METHODS: Readonly<Record<Profile["format"], string | undefined>> = {
  BF16: undefined,
  FP8: "fp8",
  "GPTQ-Int8": "gptq",
  "GPTQ-Int4": "gptq",
  AWQ: "awq",
};

/** awq_marlin is awq with faster kernels. */
function plainMethod(method: string | undefined): string | undefined {
  return method?.replace(/_marlin$/, "");
}

function checkQuantization({ engine, shape, at }: Match, findings: Findings): void {
  const asked = plainMethod(engine.quantization ?? undefined);
  if (asked === undefined || asked === shape.quantized) return;
  if (shape.quantized !== undefined) {
    findings.error(
      at("quantization"),
      `quantization "${engine.quantization}" is asked for, and the weights are stored as ${shape.quantized}: leave it out, vLLM sees it by itself`,
    );
  } else if (asked === "awq" || asked === "gptq") {
    findings.error(
      at("quantization"),
      `quantization "${engine.quantization}" is asked for, and the weights are stored as 16-bit floats: take the ${asked.toUpperCase()} weights, or leave it out`,
    );
  }
}

function checkCapability({ engine, shape, card, at }: Match, findings: Findings): void {
  const capability = card?.capability;
  if (capability === undefined) return;
  const method = plainMethod(shape.quantized ?? engine.quantization ?? undefined) ?? "";
  const least = LEAST_CAPABILITY[method];
  if (least !== undefined && capability < least) {
    findings.error(
      at("model"),
      `weights stored as ${method} need a card of compute capability ${least.toFixed(1)}, and this one has ${capability.toFixed(1)}: take other weights`,
    );
  } else if (engine.dtype === "bfloat16" && capability < BFLOAT_CAPABILITY) {
    findings.error(
      at("dtype"),
      `bfloat16 needs a card of compute capability 8.0, and this one has ${capability.toFixed(1)}: write "dtype": "float16"`,
    );
  } else if (method === "fp8" && capability < FP8_CAPABILITY) {
    findings.warn(
      at("model"),
      `the card (compute capability ${capability.toFixed(1)}) does not compute with 8-bit floats: the weights take half the memory, and are no faster; AWQ or GPTQ-Int8 is`,
    );
  }
}

function checkParallel({ engine, shape, cards, at }: Match, findings: Findings): void {
  const { tensor_parallel_size: parallel, pipeline_parallel_size: stages } = engine;
  const place = at("tensor_parallel_size");
  for (const [heads, whose] of [
    [shape.heads, "the model"],
    [shape.vision?.heads, "its vision tower"],
  ] as const) {
    if (heads !== undefined && heads % parallel !== 0) {
      findings.error(
        place,
        `tensor_parallel_size ${parallel} does not divide the ${heads} attention heads of ${whose}: take one of ${divisors(heads).join(", ")}`,
      );
      return;
    }
  }
  const grouped = shape.quantized === "awq" || shape.quantized === "gptq";
  if (grouped && parallel > 1 && (shape.intermediate / parallel) % GROUP !== 0) {
    findings.error(
      place,
      `tensor_parallel_size ${parallel} cuts the ${shape.intermediate} rows of ${shape.quantized} weights within a group of ${GROUP}: take a smaller one`,
    );
  }
  if (cards && cards.length > 1 && parallel * stages > cards.length) {
    findings.error(
      place,
      `${parallel * stages} cards are asked for, and there are ${cards.length}: lower tensor_parallel_size`,
    );
  }
}

function divisors(of: number): readonly number[] {
  return [1, 2, 4, 8].filter((one) => of % one === 0);
}
