import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import type { Findings } from "./finding.ts";
import { type ModelShape, modelShape } from "./model-shape.ts";
import { checkSafetensors } from "./safetensors.ts";

/** A folder of weights that is complete. */
export interface Weights {
  readonly dir: string;
  /** On disk, and in the GPU's memory. */
  readonly bytes: number;
  readonly shape: ModelShape;
}

const INDEX = "model.safetensors.index.json";
/** Any of these sets makes a tokenizer. */
const TOKENIZERS = [["tokenizer.json"], ["vocab.json", "merges.txt"], ["tokenizer.model"]];

/** Looks at a folder as Hugging Face publishes them. Undefined where too little is there to go on. */
export async function checkWeights(dir: string, findings: Findings): Promise<Weights | undefined> {
  if (!existsSync(dir) || !(await stat(dir)).isDirectory()) {
    findings.error(
      dir,
      "the weights are not there: download the model to this folder, or say with --weights where the folder of all weights is on this machine",
    );
    return undefined;
  }
  const before = findings.all.length;
  const shape = await readShape(join(dir, "config.json"), findings);
  if (!TOKENIZERS.some((files) => files.every((file) => existsSync(join(dir, file))))) {
    findings.error(
      dir,
      "there is no tokenizer (tokenizer.json, or vocab.json and merges.txt, or tokenizer.model): copy it from the model's page",
    );
  }
  if (!existsSync(join(dir, "tokenizer_config.json"))) {
    findings.error(dir, "there is no tokenizer_config.json: copy it from the model's page");
  }
  if (shape?.vision && !existsSync(join(dir, "preprocessor_config.json"))) {
    findings.error(
      dir,
      "there is no preprocessor_config.json, so pictures would be scaled wrongly: copy it from the model's page",
    );
  }
  const bytes = await checkTensors(dir, findings);
  return shape && findings.all.length === before ? { dir, bytes, shape } : undefined;
}

async function readShape(file: string, findings: Findings): Promise<ModelShape | undefined> {
  if (!existsSync(file)) {
    findings.error(file, "is missing: copy it from the model's page");
    return undefined;
  }
  try {
    return modelShape(await readFile(file, "utf8"), file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    findings.thrown(error);
    return undefined;
  }
}

async function checkTensors(dir: string, findings: Findings): Promise<number> {
  let bytes = 0;
  for (const name of await tensorFiles(dir, findings)) {
    const file = join(dir, name);
    if (!existsSync(file)) {
      findings.error(file, `is missing, though ${INDEX} names it: copy it from the model's page`);
      continue;
    }
    const seen = await checkSafetensors(file);
    if (seen.state === "whole") bytes += seen.bytes;
    else findings.error(file, seen.why);
  }
  return bytes;
}

async function tensorFiles(dir: string, findings: Findings): Promise<readonly string[]> {
  const index = join(dir, INDEX);
  if (existsSync(index)) {
    try {
      const { weight_map: map } = JSON.parse(await readFile(index, "utf8")) as {
        weight_map?: Record<string, string>;
      };
      const named = [...new Set(Object.values(map ?? {}))].filter((name) => typeof name === "string");
      if (named.length > 0) return named;
    } catch {
      // Said below.
    }
    findings.error(index, "names no files of weights, or is no JSON: copy it from the model's page");
    return [];
  }
  const found = (await readdir(dir)).filter((file) => file.endsWith(".safetensors"));
  if (found.length === 0)
    findings.error(dir, "there are no weights (*.safetensors): download them from the model's page");
  return found;
}
