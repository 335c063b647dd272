import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { z } from "zod";
import type { Findings } from "./finding.ts";
import { parseJson } from "./json-file.ts";
import { checkSafetensors } from "./safetensors.ts";

export interface AdapterCheck {
  /** multi_lora.json */
  readonly file: string;
  readonly maxRank: number;
  /** Where a path of the server is on this machine. */
  readonly here: (path: string) => string;
}

const Adapter = z.object({
  r: z.number().int().positive(),
  target_modules: z.union([z.array(z.string()), z.string()]).optional(),
  modules_to_save: z.array(z.string()).nullish(),
});

/** Every adapter of multi_lora.json must be there, and none may have a greater rank than the engine makes room for. */
export async function checkAdapters(
  { file, maxRank, here }: AdapterCheck,
  findings: Findings,
): Promise<void> {
  if (!existsSync(file)) {
    findings.error(
      file,
      'is missing, though model.json says "enable_lora": true: the model would not load; write {"NAME": "/path/of/the/adapter"}, or switch LoRA off',
    );
    return;
  }
  const json = parseJson(await readFile(file, "utf8"), file, findings);
  const parsed = z.record(z.string(), z.string()).safeParse(json?.value);
  if (!json) return;
  if (!parsed.success) {
    findings.error(file, 'must be one JSON object of names and folders, {"NAME": "/path/of/the/adapter"}');
    return;
  }
  for (const [name, path] of Object.entries(parsed.data)) {
    const place = `${file}:${json.lineOf([name])}`;
    if (!isAbsolute(path))
      findings.error(place, `the adapter "${name}" needs the whole path of its folder, not ${path}`);
    else await checkAdapter(name, here(path), { place, maxRank, findings });
  }
}

async function checkAdapter(
  name: string,
  dir: string,
  { place, maxRank, findings }: { place: string; maxRank: number; findings: Findings },
): Promise<void> {
  const [config, weights] = [join(dir, "adapter_config.json"), join(dir, "adapter_model.safetensors")];
  if (!existsSync(config) || !existsSync(weights)) {
    findings.error(
      place,
      `the adapter "${name}" is not in ${dir}: adapter_config.json and adapter_model.safetensors must be there`,
    );
    return;
  }
  const seen = await checkSafetensors(weights);
  if (seen.state === "broken") findings.error(weights, seen.why);
  const json = parseJson(await readFile(config, "utf8"), config, findings);
  const parsed = Adapter.safeParse(json?.value);
  if (!json) return;
  if (!parsed.success) {
    findings.error(config, "has no rank (r), so it is no LoRA adapter of PEFT");
    return;
  }
  const { r: rank, target_modules: targets } = parsed.data;
  if (rank > maxRank) {
    findings.error(
      `${config}:${json.lineOf(["r"])}`,
      `the adapter "${name}" has rank ${rank}, more than max_lora_rank ${maxRank}: raise that in model.json`,
    );
  }
  // vLLM drops these weights with a line in its log (LoRA on tower and connector came with 0.17, switched off).
  if ([targets ?? []].flat().some((target) => /visual|vision/.test(target))) {
    findings.warn(
      `${config}:${json.lineOf(["target_modules"])}`,
      `the adapter "${name}" changes the vision tower, which vLLM leaves out: train the language model only, or merge it into the weights`,
    );
  }
}
