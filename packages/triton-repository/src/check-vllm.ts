import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { Card } from "./card.ts";
import { checkAdapters } from "./check-adapters.ts";
import { checkMatch } from "./check-match.ts";
import { cardOf, type Served } from "./check-memory.ts";
import { type Places, checkWeights } from "./check-weights.ts";
import type { Container } from "./containers.ts";
import { engineArguments, isOlder, versionsWith } from "./engine-arguments.ts";
import type { Findings } from "./finding.ts";
import { readJson } from "./json-file.ts";
import { type EngineLimits, memoryNeed } from "./memory-need.ts";
import { KIND, type ModelConfig } from "./model-config.ts";
import type { ModelShape } from "./model-shape.ts";
import type { Profile } from "./profile.ts";
import { isThere } from "./reading.ts";
import type { ReadDocument } from "./yaml-file.ts";

export interface ModelFolder {
  readonly name: string;
  /** config.pbtxt */
  readonly configFile: string;
  readonly config: ModelConfig;
  /** The folder of the version that is served. */
  readonly versionDir: string;
  readonly container: Container;
  /** The value file that it was rendered from, where it is known. */
  readonly profile: Profile | undefined;
  readonly cards: readonly Card[] | undefined;
  readonly places: Places;
}

const positive = z.number().int().positive();
const Pixels = z.object({
  min_pixels: positive.optional(),
  max_pixels: positive.optional(),
  size: z.object({ shortest_edge: positive.optional(), longest_edge: positive }).optional(),
});

/** The arguments that we look at, with vLLM's own defaults. */
const Engine = z.object({
  model: z.string().min(1),
  dtype: z.enum(["auto", "half", "float16", "bfloat16", "float", "float32"]).default("auto"),
  quantization: z.string().nullish(),
  tensor_parallel_size: positive.default(1),
  pipeline_parallel_size: positive.default(1),
  gpu_memory_utilization: z.number().gt(0).lte(1).default(0.9),
  max_model_len: positive.optional(),
  max_num_seqs: positive.default(256),
  max_num_batched_tokens: positive.default(8_192),
  kv_cache_dtype: z.string().default("auto"),
  enforce_eager: z.boolean().default(false),
  enable_prefix_caching: z.boolean().default(true),
  disable_log_stats: z.boolean().default(false),
  enable_lora: z.boolean().default(false),
  max_loras: positive.default(1),
  max_lora_rank: z
    .literal([1, 8, 16, 32, 64, 128, 256, 320, 512], "must be 8, 16, 32, 64, 128, 256, 320 or 512")
    .default(16),
  limit_mm_per_prompt: z.record(z.string(), z.number().int().nonnegative()).optional(),
  mm_processor_kwargs: Pixels.optional(),
});
type Engine = z.output<typeof Engine>;

const KINDS_OF_INPUT = ["image", "video", "audio"];
/** What checkpoints of Qwen2-VL and Qwen2.5-VL allow themselves. */
const CHECKPOINT_PIXELS = 12_845_056;
/** From here on vLLM's vision towers turn queries and keys as 16-bit floats. */
const TURNS_IN_16_BIT = "0.13.0";

/** A model on the stock vLLM backend. @returns what it needs, where enough of it is right to say so */
export async function checkVllm(folder: ModelFolder, findings: Findings): Promise<Served | undefined> {
  checkVllmConfig(folder, findings);
  const file = join(folder.versionDir, "model.json");
  if (!(await isThere(file))) {
    findings.error(file, "is missing: it holds the engine's arguments; `followspot triton render` writes it");
    return undefined;
  }
  const json = await readJson(file, findings);
  if (!json) return undefined;
  checkNames(json, { file, folder, findings });
  const parsed = Engine.safeParse(json.value);
  for (const issue of parsed.error?.issues ?? []) {
    findings.error(
      `${file}:${json.lineOf(issue.path)}`,
      `${issue.path.join(".") || "this"}: ${issue.message}`,
    );
  }
  if (!parsed.data) return undefined;
  const engine = parsed.data;
  const at = (key: keyof Engine): string => `${file}:${json.lineOf([key])}`;
  adviseEngine(engine, { at, folder, findings });
  const shape = await checkModel(engine, { at, folder, findings });
  if (engine.enable_lora) {
    const of = { maxRank: engine.max_lora_rank, base: shape?.shape, here: folder.places.here };
    await checkAdapters(join(folder.versionDir, "multi_lora.json"), of, findings);
  }
  return shape && servedBy(engine, { at, folder, ...shape });
}

interface Told {
  readonly at: (key: keyof Engine) => string;
  readonly folder: ModelFolder;
  readonly findings: Findings;
}

/** The weights, and whether the arguments fit them. */
async function checkModel(
  engine: Engine,
  { at, folder, findings }: Told,
): Promise<{ readonly shape: ModelShape; readonly bytes: number } | undefined> {
  if (!isAbsolute(engine.model)) {
    findings.error(
      at("model"),
      `"${engine.model}" is no whole path, so the server would download it from the internet: name a folder`,
    );
    return undefined;
  }
  const weights = await checkWeights(engine.model, { places: folder.places, findings });
  if (!weights) return undefined;
  const { shape, bytes } = weights;
  const { cards, container, profile } = folder;
  checkMatch(
    { engine, shape, container, profile, cards, card: cardOf(cards, firstCard(folder)), at },
    findings,
  );
  checkLengths(engine, { shape, at, findings });
  return { shape, bytes };
}

function checkLengths(
  engine: Engine,
  { shape, at, findings }: { shape: ModelShape; at: Told["at"]; findings: Findings },
): void {
  const length = engine.max_model_len ?? shape.positions;
  if (length > shape.positions) {
    findings.error(
      at("max_model_len"),
      `max_model_len ${length} is more than the ${shape.positions} tokens that the model has positions for: lower it`,
    );
  }
  if (!shape.vision) return;
  const picture = Math.floor(largestPicture(engine, shape.vision.pxPerToken));
  const pictures = engine.limit_mm_per_prompt?.["image"] ?? 1;
  if (picture > length) {
    const most = length * shape.vision.pxPerToken ** 2;
    findings.error(
      at("mm_processor_kwargs"),
      `one picture may have ${picture} tokens, more than max_model_len ${length}, and would be refused: lower max_pixels (longest_edge) below ${most}`,
    );
  } else if (picture * pictures > length) {
    findings.warn(
      at("limit_mm_per_prompt"),
      `${pictures} pictures of ${picture} tokens are more than max_model_len ${length}: lower max_pixels or the number, or raise max_model_len`,
    );
  }
}

function servedBy(
  engine: Engine,
  { at, folder, shape, bytes }: { at: Told["at"]; folder: ModelFolder; shape: ModelShape; bytes: number },
): Served {
  const first = firstCard(folder);
  return {
    model: folder.name,
    place: at("gpu_memory_utilization"),
    gpus: Array.from({ length: engine.tensor_parallel_size }, (_, at) => first + at),
    share: engine.gpu_memory_utilization,
    need: memoryNeed(bytes, shape, limitsOf(engine, { shape, container: folder.container })),
  };
}

function firstCard({ config }: ModelFolder): number {
  return config.instance_group?.[0]?.gpus?.[0] ?? 0;
}

function checkVllmConfig({ config, configFile }: ModelFolder, findings: Findings): void {
  const [group, ...others] = config.instance_group ?? [];
  if (others.length > 0 || (group?.count ?? 1) > 1) {
    findings.error(
      configFile,
      "more than one instance would load the weights more than once: leave one, with count 1; vLLM batches by itself",
    );
  }
  if (group?.kind === KIND.cpu)
    findings.error(
      configFile,
      "the vLLM of these containers needs a GPU: use KIND_MODEL, or KIND_GPU with gpus [N]",
    );
  if (
    group === undefined ||
    group.kind === KIND.auto ||
    (group.kind === KIND.gpu && (group.gpus ?? []).length !== 1)
  ) {
    findings.warn(
      configFile,
      "without instance_group [ { count: 1 kind: KIND_MODEL } ] every card of the machine gets an engine of its own: write it",
    );
  }
  if ((config.max_batch_size ?? 0) > 0)
    findings.error(configFile, "max_batch_size must be 0 or left out: vLLM batches by itself");
  if (
    config.model_transaction_policy?.decoupled === false &&
    "decoupled" in config.model_transaction_policy
  ) {
    findings.warn(configFile, "model_transaction_policy is set by the backend (decoupled): leave it out");
  }
}

/** An unknown name keeps the model from loading, with a Python traceback. */
function checkNames(
  json: ReadDocument,
  { file, folder, findings }: { file: string; folder: ModelFolder; findings: Findings },
): void {
  const { vllm, argumentsOf, tag } = folder.container;
  const known = engineArguments(argumentsOf);
  if (typeof json.value !== "object" || json.value === null || Array.isArray(json.value)) return;
  for (const name of Object.keys(json.value)) {
    if (known.has(name)) continue;
    const others = versionsWith(name);
    const hint =
      others.length > 0
        ? `vLLM ${others[0]} to ${others.at(-1)} have it; leave it out, or take another container`
        : nearest(name, known);
    findings.error(
      `${file}:${json.lineOf([name])}`,
      `"${name}" is no engine argument of vLLM ${vllm} (container ${tag}): ${hint}`,
    );
  }
}

function nearest(name: string, known: ReadonlySet<string>): string {
  const letters = (text: string): string => text.replaceAll(/[^a-z]/gi, "").toLowerCase();
  const like = [...known].filter((one) => distance(letters(one), letters(name)) <= 2);
  return like.length > 0 ? `did you mean ${like.join(" or ")}?` : "leave it out";
}

/** Letters to change, add or take away to make one word of another. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function adviseEngine(engine: Engine, { at, folder, findings }: Told): void {
  if (engine.max_num_batched_tokens < engine.max_num_seqs) {
    findings.error(
      at("max_num_batched_tokens"),
      `max_num_batched_tokens ${engine.max_num_batched_tokens} is less than max_num_seqs ${engine.max_num_seqs}: each request needs a token of a step; raise it`,
    );
  }
  const cards = folder.config.instance_group?.[0]?.gpus ?? [];
  if (engine.tensor_parallel_size > 1 && cards.length > 0) {
    findings.error(
      folder.configFile,
      `the engine is shown card ${cards.join(", ")} alone, and tensor_parallel_size is ${engine.tensor_parallel_size}: take KIND_MODEL without gpus`,
    );
  }
  if (engine.enforce_eager)
    findings.warn(at("enforce_eager"), "CUDA graphs are off, which makes short answers slow: write false");
  if (!engine.enable_prefix_caching)
    findings.warn(
      at("enable_prefix_caching"),
      "the constant part of the prompt is computed anew for every frame: write true",
    );
  const metrics = folder.config.parameters?.REPORT_CUSTOM_METRICS?.string_value === "true";
  if (metrics && engine.disable_log_stats)
    findings.warn(
      at("disable_log_stats"),
      "vLLM's metrics need its statistics: write false, or take REPORT_CUSTOM_METRICS out of config.pbtxt",
    );
  for (const kind of Object.keys(engine.limit_mm_per_prompt ?? {})) {
    if (!KINDS_OF_INPUT.includes(kind))
      findings.error(
        at("limit_mm_per_prompt"),
        `"${kind}" is no kind of input; there are ${KINDS_OF_INPUT.join(", ")}`,
      );
  }
}

function limitsOf(
  engine: Engine,
  { shape, container }: { shape: ModelShape; container: Container },
): EngineLimits {
  return {
    max_model_len: engine.max_model_len ?? shape.positions,
    max_num_seqs: engine.max_num_seqs,
    max_num_batched_tokens: engine.max_num_batched_tokens,
    kvBytes: engine.kv_cache_dtype.startsWith("fp8") ? 1 : 2,
    pictureTokens: pictureTokensOf(engine, shape),
    adapters: engine.enable_lora ? engine.max_loras : 0,
    rank: engine.enable_lora ? engine.max_lora_rank : 0,
    tensor_parallel_size: engine.tensor_parallel_size,
    becomes8Bit: engine.quantization === "fp8" && shape.quantized === undefined,
    turnsIn32Bit: isOlder(container.argumentsOf, TURNS_IN_16_BIT),
  };
}

/** vLLM encodes a step's worth of picture tokens at once (its encoder budget), at least one picture. */
function pictureTokensOf(engine: Engine, { vision }: ModelShape): number {
  if (!vision || engine.limit_mm_per_prompt?.["image"] === 0) return 0;
  return Math.max(engine.max_num_batched_tokens, largestPicture(engine, vision.pxPerToken));
}

/** Tokens of the largest picture that the processor lets through. */
function largestPicture({ mm_processor_kwargs: told }: Engine, pxPerToken: number): number {
  return (told?.max_pixels ?? told?.size?.longest_edge ?? CHECKPOINT_PIXELS) / pxPerToken ** 2;
}
