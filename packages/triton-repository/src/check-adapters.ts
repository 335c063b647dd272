import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { Findings } from "./finding.ts";
import { readJson } from "./json-file.ts";
import type { ModelShape } from "./model-shape.ts";
import { checkInside, type Places } from "./places.ts";
import { isThere } from "./reading.ts";
import { checkSafetensors } from "./safetensors.ts";

export interface AdapterOf {
  /** Greatest rank that there is room for; undefined where any is. */
  readonly maxRank?: number | undefined;
  /** The model that they are for; undefined where too little is known of it. */
  readonly base: ModelShape | undefined;
  readonly places: Places;
}

const Adapter = z.object({
  r: z.number().int().positive(),
  base_model_name_or_path: z.string().nullish(),
  target_modules: z.union([z.array(z.string()), z.string()]).optional(),
  modules_to_save: z.array(z.string()).nullish(),
});

/** Every adapter of multi_lora.json must be there, fit the model, and have no greater rank than there is room for. */
export async function checkAdapters(file: string, of: AdapterOf, findings: Findings): Promise<void> {
  if (!(await isThere(file))) {
    findings.error(
      file,
      'is missing, though model.json says "enable_lora": true: the model would not load; write {"NAME": "/path/of/the/adapter"}, or switch LoRA off',
    );
    return;
  }
  const json = await readJson(file, findings);
  if (!json) return;
  const parsed = z.record(z.string(), z.string()).safeParse(json.value);
  if (!parsed.success) {
    findings.error(file, 'must be one JSON object of names and folders, {"NAME": "/path/of/the/adapter"}');
    return;
  }
  for (const [name, path] of Object.entries(parsed.data)) {
    const place = `${file}:${json.lineOf([name])}`;
    if (!isAbsolute(path))
      findings.error(place, `the adapter "${name}" needs the whole path of its folder, not ${path}`);
    else await checkAdapter(name, of.places.here(path), { place, of, findings });
  }
}

export async function checkAdapter(
  name: string,
  dir: string,
  { place, of, findings }: { place: string; of: AdapterOf; findings: Findings },
): Promise<void> {
  const [config, weights] = [join(dir, "adapter_config.json"), join(dir, "adapter_model.safetensors")];
  if (!(await isThere(config)) || !(await isThere(weights))) {
    findings.error(
      place,
      `the adapter "${name}" is not in ${dir}: adapter_config.json and adapter_model.safetensors must be there`,
    );
    return;
  }
  await checkInside(weights, { places: of.places, findings });
  const seen = await checkSafetensors(weights);
  if (seen.state === "broken") findings.error(weights, seen.why);
  const json = await readJson(config, findings);
  if (!json) return;
  const parsed = Adapter.safeParse(json.value);
  if (!parsed.success) {
    findings.error(config, "has no rank (r), so it is no LoRA adapter of PEFT");
    return;
  }
  const { r: rank, target_modules: targets, base_model_name_or_path: base } = parsed.data;
  if (of.maxRank !== undefined && rank > of.maxRank) {
    findings.error(
      `${config}:${json.lineOf(["r"])}`,
      `the adapter "${name}" has rank ${rank}, more than max_lora_rank ${of.maxRank}: raise that in model.json`,
    );
  }
  const width = seen.state === "whole" ? widthOf(seen.shapes) : undefined;
  if (of.base && width !== undefined && width !== of.base.hidden) {
    findings.error(
      weights,
      `the adapter "${name}" was trained on a model of width ${width}${base ? ` (${base})` : ""}, and this one has ${of.base.hidden}: take the model that it was trained on, or another adapter`,
    );
  }
  // vLLM drops these weights with a line in its log (LoRA on tower and connector came with 0.14, switched off).
  if ([targets ?? []].flat().some((target) => /visual|vision/.test(target))) {
    findings.warn(
      `${config}:${json.lineOf(["target_modules"])}`,
      `the adapter "${name}" changes the vision tower, which vLLM leaves out: train the language model only, or merge it into the weights`,
    );
  }
}

/** Queries, keys and values take what the layers hand on: their narrow matrix is as wide as the model. */
function widthOf(shapes: ReadonlyMap<string, readonly number[]>): number | undefined {
  const [, shape] =
    [...shapes].find(([name]) => /(?<!visual.*)\.[qkv]_proj\.lora_A\.weight$/.test(name)) ?? [];
  return shape?.[1];
}
