import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Served } from "./check-memory.ts";
import type { ModelFolder } from "./check-vllm.ts";
import { checkWeights } from "./check-weights.ts";
import type { Findings } from "./finding.ts";
import { memoryNeed } from "./memory-need.ts";
import { KIND } from "./model-config.ts";

/** What our own model.py holds at once: one prompt with all its questions for each request of a batch. */
const PROMPT_TOKENS = 4_096;
const DEFAULT_BATCH = 1;
const DEFAULT_PIXELS = 301_056;

/** A model of the Python backend. Of ours, the weights and the memory too. */
export async function checkScores(folder: ModelFolder, findings: Findings): Promise<Served | undefined> {
  const { config, configFile, versionDir, name } = folder;
  const file = join(versionDir, config.default_model_filename || "model.py");
  if (!existsSync(file)) {
    findings.error(file, "is missing: a model of the Python backend is this file");
    return undefined;
  }
  const text = (key: string): string | undefined => config.parameters?.[key]?.string_value;
  const path = text("weights");
  if (path === undefined) return undefined;
  if (path === "") {
    findings.error(configFile, 'the parameter "weights" is empty: name the folder of the model');
    return undefined;
  }
  const weights = await checkWeights(folder.here(path), findings);
  const [group] = config.instance_group ?? [];
  if (!weights || group?.kind === KIND.cpu) return undefined;
  const batch = config.max_batch_size || DEFAULT_BATCH;
  const need = memoryNeed(weights.bytes * (group?.count ?? 1), weights.shape, {
    max_model_len: PROMPT_TOKENS * batch,
    max_num_seqs: batch,
    max_num_batched_tokens: PROMPT_TOKENS * batch,
    kvBytes: 2,
    maxPixels: Number(text("max_pixels") ?? DEFAULT_PIXELS),
    adapters: 0,
    rank: 0,
  });
  return { model: name, place: configFile, gpu: group?.gpus?.[0] ?? 0, need };
}
