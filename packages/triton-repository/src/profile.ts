import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { z } from "zod";
import { readYaml } from "./yaml-file.ts";

/** How a conversation is written for a model, and how it ends its turn. */
export interface ChatForm {
  /** With `{system}` and `{user}` in it, up to where the answer begins. */
  readonly template: string;
  readonly stop: readonly string[];
  readonly stopTokenIds: readonly number[];
}

/** How one model is served: a value file, with those that it builds on. */
export interface Profile {
  readonly name: string;
  /** On Triton's stock vLLM backend, or by our own model.py. */
  readonly runs: "vllm" | "scores";
  /** Name of the model on the server, and of its folder. */
  readonly model: string;
  /** Release of Triton, as in `CONTAINERS`. */
  readonly container: string;
  /** Id in the model sheets. */
  readonly sheet: string;
  /** Name of the folder with the weights, below the folder of all weights. */
  readonly weights: string;
  readonly format: "BF16" | "FP8" | "GPTQ-Int8" | "GPTQ-Int4" | "AWQ";
  /** `model_type` in config.json of the weights that it is made for. */
  readonly type: string;
  /** Vision-language models only. */
  readonly family?: string | undefined;
  /** model.json, without `model` and what LoRA adapters need. */
  readonly engine: Readonly<Record<string, unknown>>;
  /** For config.pbtxt. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly lora: { readonly maxRank: number; readonly maxLoaded: number };
  /** Text models only. */
  readonly chat?: ChatForm | undefined;
}

const word = z.string().regex(/^[\w.-]+$/, "must be letters, digits, dots, hyphens and underscores");
const positive = z.number().int().positive();

const ProfileFile = z.strictObject({
  extends: word.optional(),
  runs: z.enum(["vllm", "scores"]).optional(),
  model: word.optional(),
  container: word.optional(),
  family: z.enum(["qwen2-vl", "qwen2.5-vl", "qwen3-vl"]).optional(),
  sheet: word.optional(),
  weights: word.optional(),
  type: word.optional(),
  format: z.enum(["BF16", "FP8", "GPTQ-Int8", "GPTQ-Int4", "AWQ"]).optional(),
  engine: z.record(z.string(), z.unknown()).optional(),
  parameters: z.record(z.string(), z.string()).optional(),
  lora: z.strictObject({ maxRank: positive, maxLoaded: positive }).optional(),
  chat: z
    .strictObject({
      template: z.string().refine((text) => text.includes("{system}") && text.includes("{user}"), {
        message: "must have {system} and {user} in it",
      }),
      stop: z.array(z.string().min(1)).min(1),
      stopTokenIds: z.array(z.number().int().nonnegative()),
    })
    .optional(),
});
type ProfileFile = z.infer<typeof ProfileFile>;

/** A file with its bases says all of these. */
const CompleteProfile = ProfileFile.required({
  runs: true,
  model: true,
  container: true,
  sheet: true,
  weights: true,
  format: true,
  type: true,
});

const MOST_BASES = 5;
const NO_LORA = { maxRank: 32, maxLoaded: 1 };
const DEFAULT_DIR = fileURLToPath(new URL("../../../deploy/triton/profiles", import.meta.url));

/** The names of all value files. */
export async function listProfiles(dir = DEFAULT_DIR): Promise<readonly string[]> {
  const files = await readdir(dir);
  return files
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length))
    .sort();
}

/** Reads a value file and those that it extends. @throws UserError: file, line, what is wrong */
export async function readProfile(name: string, dir = DEFAULT_DIR): Promise<Profile> {
  const file = join(dir, `${name}.yaml`);
  if (!word.safeParse(name).success || !existsSync(file)) {
    throw new UserError(`there is no profile "${name}"; take one of ${(await listProfiles(dir)).join(", ")}`);
  }
  const complete = CompleteProfile.safeParse(await readMerged(file, dir, 0));
  if (!complete.success) {
    const missing = complete.error.issues.map((issue) => issue.path.join("."));
    throw new UserError(`${file}: ${missing.join(", ")} is missing, here and in what it extends`);
  }
  const { extends: _, engine = {}, parameters = {}, lora = NO_LORA, ...rest } = complete.data;
  // What is null is taken out: a base may say what an older container does not know.
  const said = Object.fromEntries(Object.entries(engine).filter(([, value]) => value !== null));
  return { ...rest, name, engine: said, parameters, lora };
}

/** What is said in a file goes before what is said in its base; engine arguments and parameters one by one. */
async function readMerged(file: string, dir: string, depth: number): Promise<ProfileFile> {
  const own = await readYaml(file, ProfileFile);
  if (own.extends === undefined) return own;
  const base = join(dir, "bases", `${own.extends}.yaml`);
  if (depth >= MOST_BASES)
    throw new UserError(`${file}: extends goes on and on; at most ${MOST_BASES} files are followed`);
  if (!existsSync(base)) throw new UserError(`${file}: there is no ${base}, which it extends`);
  const below = await readMerged(base, dir, depth + 1);
  return {
    ...below,
    ...own,
    engine: { ...below.engine, ...own.engine },
    parameters: { ...below.parameters, ...own.parameters },
  };
}
