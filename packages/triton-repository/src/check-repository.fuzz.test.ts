import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { checkRepository } from "./check-repository.ts";
import { readProfile } from "./profile.ts";
import { renderModel } from "./render.ts";
import { makeAdapter, makeCheckpoint, QWEN2_VL_2B } from "./testdata/checkpoint.ts";

const WORDS = [
  "model",
  "enable_lora",
  "max_lora_rank",
  "limit_mm_per_prompt",
  "mm_processor_kwargs",
  "max_model_len",
  "r",
  "hidden_size",
  "vision_config",
  "text_config",
  "weight_map",
  "added_tokens",
  "max_pixels",
  "quantization_config",
];
const OTHERS = [
  "tokenizer.json",
  "tokenizer_config.json",
  "preprocessor_config.json",
  "model.safetensors.index.json",
];

test("whatever stands in the files of a repository, it is looked at and judged, never stumbled over", async (context) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-fuzz-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  const weights = join(dir, "Qwen2-VL-2B-Instruct");
  const adapter = join(dir, "a");
  await makeCheckpoint(weights, { bytes: 1_000 });
  await makeAdapter(adapter);
  const repository = join(dir, "repository");
  const profile = await readProfile("qwen2-vl-2b-bf16");
  const { folder } = await renderModel({
    profile,
    to: repository,
    weightsDir: dir,
    adapters: { a: adapter },
  });
  const engine = { model: weights, ...profile.engine, enable_lora: true };
  const files: Record<string, string> = {
    [join(folder, "1/model.json")]: JSON.stringify(engine),
    [join(folder, "1/multi_lora.json")]: JSON.stringify({ a: adapter }),
    [join(adapter, "adapter_config.json")]: JSON.stringify({ r: 8 }),
    [join(weights, "config.json")]: JSON.stringify(QWEN2_VL_2B),
  };
  for (const name of OTHERS) files[join(weights, name)] = await readFile(join(weights, name), "utf8");
  const json = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc
      .dictionary(fc.constantFrom(...WORDS), fc.jsonValue({ maxDepth: 2 }))
      .map((value) => JSON.stringify(value)),
    fc.string(),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...Object.keys(files)), json, async (file, text) => {
      for (const [name, right] of Object.entries(files)) await writeFile(name, name === file ? text : right);
      const { findings, ok } = await checkRepository(repository, {
        container: "26.01",
        cards: [{ bytes: 24e9 }],
      });
      assert.equal(
        ok,
        findings.every(({ severity }) => severity !== "error"),
      );
      for (const { place, message } of findings)
        assert.ok(place !== "" && message.length > 10, JSON.stringify({ place, message }));
    }),
    { numRuns: 300 },
  );
});
