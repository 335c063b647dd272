import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { checkAdapter } from "./check-adapters.ts";
import type { Served } from "./check-memory.ts";
import type { ModelFolder } from "./check-vllm.ts";
import { checkWeights } from "./check-weights.ts";
import type { Findings } from "./finding.ts";
import { memoryNeed } from "./memory-need.ts";
import { KIND } from "./model-config.ts";
import { isThere } from "./reading.ts";
import type { ModelShape } from "./model-shape.ts";

/** What our own model.py works on at once, where its parameters do not say: deploy/triton/python, settings.py. */
const DEFAULT_BATCH_TOKENS = 16_384;
const DEFAULT_PIXELS = 301_056;
const NUMBERS = ["min_pixels", "max_pixels", "max_batch_tokens", "max_labels", "max_boxes"];
/** What deploy/triton/models/qwen2_vl_scores has before it is rendered. */
const UNVERSIONED = "unversioned";

/** A model of the Python backend. Of ours, the weights and the memory too. */
export async function checkScores(folder: ModelFolder, findings: Findings): Promise<Served | undefined> {
  const { config, configFile, versionDir, name } = folder;
  const file = join(versionDir, config.default_model_filename || "model.py");
  if (!(await isThere(file))) {
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
  for (const key of NUMBERS) {
    const value = text(key);
    if (value !== undefined && !/^[1-9]\d*$/.test(value)) {
      findings.error(configFile, `the parameter "${key}" is "${value}": write a whole number above 0`);
      return undefined;
    }
  }
  const base = dirname(configFile);
  const weights = await checkWeights(resolve(base, path), { places: folder.places, findings });
  if (weights) checkHost(weights.shape, { folder, findings });
  await checkAdapterSetting(text("adapters") ?? "", { folder, shape: weights?.shape, findings });
  if (weights && text("version") === UNVERSIONED) {
    findings.warn(
      configFile,
      "the model has no version, so a change of its weights would go unnoticed: render it again here, where the weights and Python are",
    );
  }
  const [group] = config.instance_group ?? [];
  if (!weights || group?.kind === KIND.cpu) return undefined;
  const tokens = Number(text("max_batch_tokens") ?? DEFAULT_BATCH_TOKENS);
  const pixels = Number(text("max_pixels") ?? DEFAULT_PIXELS);
  const batch = config.max_batch_size || 1;
  const need = memoryNeed(weights.bytes, weights.shape, {
    max_model_len: tokens,
    max_num_seqs: batch,
    max_num_batched_tokens: tokens,
    kvBytes: 2,
    pictureTokens: batch * (pixels / (weights.shape.vision?.pxPerToken ?? 1) ** 2),
    adapters: 0,
    rank: 0,
    tensor_parallel_size: 1,
    becomes8Bit: false,
    turnsIn32Bit: true,
  });
  return { model: name, place: configFile, gpus: [group?.gpus?.[0] ?? 0], need };
}

/** What deploy/triton/python hosts: families.py there. */
const HOSTED = ["qwen2_vl", "qwen2_5_vl", "qwen3_vl"];

function checkHost(
  { type, quantized }: ModelShape,
  { folder: { configFile }, findings }: { folder: ModelFolder; findings: Findings },
): void {
  if (!HOSTED.includes(type)) {
    findings.error(
      configFile,
      `the weights are of the type ${type || "that config.json does not say"}, and this model hosts ${HOSTED.join(", ")}: take other weights`,
    );
  } else if (quantized !== undefined) {
    findings.error(
      configFile,
      `the weights are stored as ${quantized}, which transformers needs more packages for: take the weights of 16-bit floats, or a profile on vLLM`,
    );
  }
}

const AdapterSetting = z.record(z.string(), z.string());

/** Names and folders as JSON, or one folder of adapters, in which Python looks by itself. */
async function checkAdapterSetting(
  setting: string,
  { folder, shape, findings }: { folder: ModelFolder; shape: ModelShape | undefined; findings: Findings },
): Promise<void> {
  if (!setting.startsWith("{")) return;
  const { configFile: place, places } = folder;
  const parsed = AdapterSetting.safeParse(jsonOf(setting));
  if (!parsed.success) {
    findings.error(
      place,
      'the parameter "adapters" must be JSON, {"NAME": "/path/of/the/adapter"}, or a folder',
    );
    return;
  }
  for (const [name, path] of Object.entries(parsed.data)) {
    const dir = places.here(resolve(dirname(place), path));
    await checkAdapter(name, dir, { place, of: { base: shape, places }, findings });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
