import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "@followspot/domain";
import { containerOf } from "./containers.ts";
import { engineArguments } from "./engine-arguments.ts";
import { formatModelConfig, KIND, type ModelConfig, parseModelConfig } from "./model-config.ts";
import type { Profile } from "./profile.ts";
import { scoresVersion } from "./scores-version.ts";

export interface RenderOptions {
  readonly profile: Profile;
  /** The model repository; made where it is not there. */
  readonly to: string;
  /** The folder of all weights on this machine. */
  readonly weightsDir: string;
  /** What that folder is called where the server runs, for example in a container; the same where left out. */
  readonly weightsAt?: string | undefined;
  /** LoRA adapters: folder by name. */
  readonly adapters?: Readonly<Record<string, string>> | undefined;
  /** Of the card's memory, for the vLLM engine. */
  readonly share?: number | undefined;
  /** Number of the card; the engine's own choice where left out. */
  readonly gpu?: number | undefined;
  /** Name of the model on the server; the profile's where left out. */
  readonly name?: string | undefined;
  /** Release of Triton that will serve it; the profile's where left out. */
  readonly container?: string | undefined;
  /** Whether a model of that name that is there already is exchanged. */
  readonly replace?: "replace" | undefined;
  /** Where the models' own files are. */
  readonly sources?: string | undefined;
}

/** Names in config.pbtxt that say where a model comes from; the backends ignore them, `check` reads them. */
export const ORIGIN = {
  profile: "FOLLOWSPOT_PROFILE",
  container: "FOLLOWSPOT_CONTAINER",
  /** How many tokens a question and its answer may have: a client cannot ask the engine. */
  context: "FOLLOWSPOT_CONTEXT_TOKENS",
} as const;

const SOURCES = fileURLToPath(new URL("../../../deploy/triton/models", import.meta.url));
/** What the scores model imports, from beside itself. */
const SCORES_PACKAGE = fileURLToPath(
  new URL("../../../deploy/triton/python/followspot_scores", import.meta.url),
);
const VERSION = "1";

export interface Rendered {
  /** The model's folder. */
  readonly folder: string;
  /** Of a `scores` model: a hash of what its answers depend on; undefined where the weights are not here to look at. */
  readonly version?: string | undefined;
}

/** Writes one model into a repository, whole or not at all. @throws UserError */
export async function renderModel(options: RenderOptions): Promise<Rendered> {
  const profile = forContainer(options);
  const { name = profile.model, replace, sources = SOURCES } = options;
  const repository = resolve(options.to);
  const folder = join(repository, name);
  if (existsSync(folder) && replace === undefined) {
    throw new UserError(`${folder} is there already: take another --to or --name, or --replace`);
  }
  await mkdir(repository, { recursive: true });
  // A name with a dot is no model yet, should a server look meanwhile.
  const draft = await mkdtemp(join(repository, `.${name}-`));
  try {
    const version = await writeModel(draft, { ...options, profile }, join(sources, profile.model));
    await rm(folder, { recursive: true, force: true });
    await rename(draft, folder);
    return { folder, version };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** @throws UserError where that container is not known, or its vLLM does not know an argument */
function forContainer({ profile, container = profile.container }: RenderOptions): Profile {
  const { argumentsOf, vllm } = containerOf(
    container,
    container === profile.container ? `profile ${profile.name}` : "--container",
  );
  const known = engineArguments(argumentsOf);
  const strange = Object.keys(profile.engine).filter((name) => !known.has(name));
  if (strange.length > 0) {
    throw new UserError(
      `profile ${profile.name}: vLLM ${vllm} (container ${container}) has no ${strange.join(", ")}: take another container, or write a profile that extends this one's base and says engine: { ${strange[0]}: null }`,
    );
  }
  return { ...profile, container };
}

async function writeModel(
  draft: string,
  options: RenderOptions,
  source: string,
): Promise<string | undefined> {
  const { profile } = options;
  const sourceConfig = join(source, "config.pbtxt");
  const config = parseModelConfig(await readFile(sourceConfig, "utf8"), sourceConfig);
  await copyFiles(source, draft);
  await mkdir(join(draft, VERSION), { recursive: true });
  if (profile.runs === "scores") {
    await copyFiles(SCORES_PACKAGE, join(draft, VERSION, basename(SCORES_PACKAGE)));
    // The version does not depend on what a folder is called: it is worked out from the weights that are here.
    const here = rendered(config, { ...options, weightsAt: undefined });
    await writeConfig(draft, here, profile);
    const version = await scoresVersion(draft, join(draft, VERSION));
    await writeConfig(draft, rendered(config, options, version), profile);
    return version;
  }
  await writeConfig(draft, rendered(config, options), profile);
  await writeJson(join(draft, VERSION, "model.json"), engineArgumentsOf(options));
  // Must be there as soon as LoRA is on, or the model does not load.
  const adapters = adaptersAt(options);
  if (Object.keys(adapters).length > 0) await writeJson(join(draft, VERSION, "multi_lora.json"), adapters);
  return undefined;
}

const LEFT_OUT = ["__pycache__", "tests", "config.pbtxt"];

async function copyFiles(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (file) => !LEFT_OUT.includes(basename(file)) });
}

async function writeConfig(draft: string, config: ModelConfig, { name, model }: Profile): Promise<void> {
  const text = formatModelConfig(config, [
    `Written by \`followspot triton render\` from the profile ${name}.`,
    `Why every value is what it is stands in deploy/triton/profiles and deploy/triton/models/${model}.`,
  ]);
  await writeFile(join(draft, "config.pbtxt"), text);
}

function rendered(config: ModelConfig, options: RenderOptions, version?: string): ModelConfig {
  const { profile, gpu, name = profile.model } = options;
  const texts = {
    ...Object.fromEntries(
      Object.entries(profile.parameters).map(([key, text]) => [key, filled(text, options)]),
    ),
    ...(version !== undefined && { version }),
    [ORIGIN.profile]: profile.name,
    [ORIGIN.container]: profile.container,
    ...(typeof profile.engine.max_model_len === "number" && {
      [ORIGIN.context]: String(profile.engine.max_model_len),
    }),
  };
  const parameters = Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [key, { string_value: text }]),
  );
  return {
    ...config,
    name,
    // Told a card, vLLM sees that one only (vllm_backend, src/model.py, _validate_device_config).
    ...(gpu !== undefined && { instance_group: [{ count: 1, kind: KIND.gpu, gpus: [gpu] }] }),
    parameters: { ...config.parameters, ...parameters },
  };
}

/** `{weights}` and `{adapters}` of a parameter, for models of our own. */
function filled(text: string, options: RenderOptions): string {
  return text
    .replaceAll("{weights}", () => weightsOf(options))
    .replaceAll("{adapters}", () => JSON.stringify(adaptersAt(options)));
}

function engineArgumentsOf(options: RenderOptions): Record<string, unknown> {
  const { profile, share } = options;
  const lora = Object.keys(adaptersAt(options)).length > 0;
  return {
    model: weightsOf(options),
    ...profile.engine,
    ...(share !== undefined && { gpu_memory_utilization: share }),
    ...(lora && {
      enable_lora: true,
      max_loras: profile.lora.maxLoaded,
      max_lora_rank: profile.lora.maxRank,
    }),
  };
}

function weightsOf({ profile, weightsDir, weightsAt }: RenderOptions): string {
  return join(weightsAt ?? resolve(weightsDir), profile.weights);
}

/** Adapters below the folder of weights move with it. */
function adaptersAt({ adapters = {}, weightsDir, weightsAt }: RenderOptions): Record<string, string> {
  const below = (dir: string): string => relative(resolve(weightsDir), resolve(dir));
  return Object.fromEntries(
    Object.entries(adapters).map(([name, dir]) => {
      const moves = weightsAt !== undefined && !below(dir).startsWith("..");
      return [name, moves ? join(weightsAt, below(dir)) : resolve(dir)];
    }),
  );
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
