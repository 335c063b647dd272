import { isAbsolute, join } from "node:path";
import type { Card } from "./card.ts";
import { checkAdapters } from "./check-adapters.ts";
import { checkMatch } from "./check-match.ts";
import { checkNames } from "./check-names.ts";
import { cardOf, type Served } from "./check-memory.ts";
import { checkWeights, type Weights } from "./check-weights.ts";
import type { Container } from "./containers.ts";
import { Engine, largestPixels, limitsOf } from "./engine.ts";
import type { Findings } from "./finding.ts";
import { readJson } from "./json-file.ts";
import { memoryNeed } from "./memory-need.ts";
import { KIND, type ModelConfig } from "./model-config.ts";
import type { Profile } from "./profile.ts";
import type { Places } from "./places.ts";
import { isThere } from "./reading.ts";

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

const KINDS_OF_INPUT = ["image", "video", "audio"];
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
  checkNames(json, { file, container: folder.container, findings });
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
  const weights = await checkModel(engine, { at, folder, findings });
  if (engine.enable_lora) {
    const of = { maxRank: engine.max_lora_rank, base: weights?.shape, places: folder.places };
    await checkAdapters(join(folder.versionDir, "multi_lora.json"), of, findings);
  }
  return weights && servedBy(engine, { at, folder, weights });
}

interface Told {
  readonly at: (key: keyof Engine) => string;
  readonly folder: ModelFolder;
  readonly findings: Findings;
}

/** The weights, and whether the arguments fit them. */
async function checkModel(engine: Engine, { at, folder, findings }: Told): Promise<Weights | undefined> {
  if (!isAbsolute(engine.model)) {
    findings.error(
      at("model"),
      `"${engine.model}" is no whole path, so the server would download it from the internet: name a folder`,
    );
    return undefined;
  }
  const weights = await checkWeights(engine.model, { places: folder.places, findings });
  if (!weights) return undefined;
  const { shape } = weights;
  const { cards, container, profile } = folder;
  checkMatch(
    { engine, shape, container, profile, cards, card: cardOf(cards, firstCard(folder)), at },
    findings,
  );
  checkLengths(engine, { weights, at, findings });
  return weights;
}

function checkLengths(
  engine: Engine,
  { weights, at, findings }: { weights: Weights; at: Told["at"]; findings: Findings },
): void {
  const { shape } = weights;
  const length = engine.max_model_len ?? shape.positions;
  if (length > shape.positions) {
    findings.error(
      at("max_model_len"),
      `max_model_len ${length} is more than the ${shape.positions} tokens that the model has positions for: lower it`,
    );
  }
  if (!shape.vision) return;
  const picture = Math.floor(largestPixels(engine, weights) / shape.vision.pxPerToken ** 2);
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
  { at, folder, weights }: { at: Told["at"]; folder: ModelFolder; weights: Weights },
): Served {
  const first = firstCard(folder);
  return {
    model: folder.name,
    place: at("gpu_memory_utilization"),
    gpus: Array.from({ length: engine.tensor_parallel_size }, (_, at) => first + at),
    share: engine.gpu_memory_utilization,
    need: memoryNeed(
      weights.bytes,
      weights.shape,
      limitsOf(engine, { weights, container: folder.container }),
    ),
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
