import assert from "node:assert/strict";
import { mkdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { makeAdapter, makeCheckpoint, QWEN2_7B } from "./testdata/checkpoint.ts";
import { GIGABYTE, place, said } from "./testdata/place.ts";
import { PUBLISHED } from "./testdata/published.ts";
import { checkRepository } from "./check-repository.ts";

const AWQ = "Qwen2-VL-2B-Instruct-AWQ";
const BYTES_AWQ = 2.4e9;

test("the published weights pass: AWQ with the three keys that its configuration has of its eyes", async (context) => {
  const { render, check, weights } = await place(context);
  await makeCheckpoint(join(weights, AWQ), { config: PUBLISHED[AWQ], bytes: BYTES_AWQ });
  await render("qwen2-vl-2b-awq");
  const checked = await check(24, 8.6);
  assert.equal(said(checked), "");
  assert.ok(checked.ok);
  await render("qwen2-vl-2b-awq", { container: "25.10", replace: "replace" });
  assert.equal(said(await check(24, 8.6)), "", "an older vLLM reads rope_scaling, too");
});

for (const [capability, profile, message] of [
  [9, "qwen2-vl-2b-fp8", /^$/],
  [8.9, "qwen2-vl-2b-fp8", /^$/],
  [
    8.6,
    "qwen2-vl-2b-fp8",
    /^warning .*model\.json:\d+: the card \(compute capability 8\.6\) does not compute with 8-bit floats/,
  ],
  [
    7.5,
    "qwen2-vl-2b-fp8",
    /^error .*stored as fp8 need a card of compute capability 8\.0, and this one has 7\.5/,
  ],
  [
    7.5,
    "qwen2-vl-2b-bf16",
    /^error .*bfloat16 needs a card of compute capability 8\.0.*: write "dtype": "float16"/,
  ],
  [7.5, "qwen2-vl-2b-awq", /^$/],
  [
    7,
    "qwen2-vl-2b-awq",
    /^error .*stored as awq need a card of compute capability 7\.5, and this one has 7\.0/,
  ],
  [undefined, "qwen2-vl-2b-fp8", /^$/],
] as const) {
  test(`${profile} on a card of compute capability ${capability ?? "that nobody knows"}: ${message}`, async (context) => {
    const { render, check, weights } = await place(context);
    await makeCheckpoint(join(weights, AWQ), { config: PUBLISHED[AWQ], bytes: BYTES_AWQ });
    await render(profile);
    assert.match(said(await check(24, capability)), message);
  });
}

test("weights that become 8-bit floats need less than they are, and all of it while they are loaded", async (context) => {
  const { render, check, weights } = await place(context);
  const { quantization_config: _, ...config } = PUBLISHED["Qwen2-VL-7B-Instruct-GPTQ-Int8"];
  await makeCheckpoint(join(weights, "Qwen2-VL-7B-Instruct"), { config, bytes: 16.58e9 });
  await render("qwen2-vl-7b-fp8", { share: 0.9 });
  const { fits, ...checked } = await check(24, 9);
  assert.equal(said({ fits, ...checked }), "");
  assert.ok(fits[0] && fits[0].weightBytes < 9.4e9, JSON.stringify(fits));
  assert.match(
    said(await check(16, 9)),
    /qwen2_vl takes 16\.6 GB while it is loaded, .* and the card has 16\.0 GB/,
  );
});

test("vLLM from 0.11.1 to 0.16 keeps room for the checkpoint's largest picture, whatever it is told", async (context) => {
  const { render, check, weights } = await place(context);
  const needIn = async (container: string): Promise<number> => {
    await render("qwen2-vl-2b-bf16", { container, replace: "replace" });
    return (await check(24)).fits[0]?.needBytes ?? 0;
  };
  const [pinned, later] = [await needIn("26.01"), await needIn("26.03")];
  assert.ok(pinned - later > 1e9, `${pinned} ${later}`);
  assert.deepEqual(
    [await needIn("25.12"), await needIn("26.02")].map((need) => need >= pinned),
    [true, true],
  );
  // Where the checkpoint itself lets nothing larger through, there is nothing to keep room for.
  const file = join(weights, "Qwen2-VL-2B-Instruct/preprocessor_config.json");
  await writeFile(file, JSON.stringify({ size: { shortest_edge: 3_136, longest_edge: 301_056 } }));
  assert.equal(await needIn("26.01"), later);
});

test("cards that share a model are each asked for their part, and too few are noticed", async (context) => {
  const { render, repository, weights } = await place(context);
  const model = await render("qwen2-vl-2b-bf16");
  const parallel = async (count: number): Promise<string> => {
    await writeFile(
      join(model, "1/model.json"),
      JSON.stringify({
        model: join(weights, "Qwen2-VL-2B-Instruct"),
        max_model_len: 8_192,
        max_num_seqs: 16,
        tensor_parallel_size: count,
        mm_processor_kwargs: { max_pixels: 301_056 },
      }),
    );
    const cards = [{ bytes: 7 * GIGABYTE }, { bytes: 7 * GIGABYTE }];
    return said(await checkRepository(repository, { container: "26.01", cards }));
  };
  assert.match(await parallel(1), /qwen2_vl needs about \d\.\d GB/);
  assert.equal(await parallel(2), "");
  assert.match(await parallel(4), /4 cards are asked for, and there are 2/);
});

test("AWQ weights are not cut within a group of numbers", async (context) => {
  const { render, check, weights } = await place(context);
  await makeCheckpoint(join(weights, AWQ), {
    config: { ...PUBLISHED[AWQ], intermediate_size: 8_832 },
    bytes: BYTES_AWQ,
  });
  const model = await render("qwen2-vl-2b-awq");
  await writeFile(
    join(model, "1/model.json"),
    JSON.stringify({ model: join(weights, AWQ), max_model_len: 20_000, tensor_parallel_size: 2 }),
  );
  assert.match(
    said(await check(80)),
    /tensor_parallel_size 2 cuts the 8832 rows of awq weights within a group of 128/,
  );
});

test("links are followed, but for those that lead out of what the server sees", async (context) => {
  const { render, repository, weights } = await place(context);
  const [folder, cache] = [join(weights, "Qwen2-VL-2B-Instruct"), join(weights, "../cache")];
  await mkdir(cache);
  const blob = join(cache, "blob");
  const shard = join(folder, "model-00001-of-00002.safetensors");
  await rename(shard, blob);
  await symlink(blob, shard);
  await render("qwen2-vl-2b-bf16", { weightsAt: "/weights" });
  await rename(join(repository, "qwen2_vl"), join(repository, "../elsewhere"));
  await symlink("../elsewhere", join(repository, "qwen2_vl"));
  const options = { container: "26.01", cards: [{ bytes: 24 * GIGABYTE }], weightsDir: weights };
  const inContainer = await checkRepository(repository, { ...options, weightsAt: "/weights" });
  assert.match(
    said(inContainer),
    /model-00001-of-00002\.safetensors: is a link to .*blob, which is outside of .*copy the files/,
  );
  await render("qwen2-vl-2b-bf16", { replace: "replace" });
  assert.equal(said(await checkRepository(repository, { container: "26.01", cards: options.cards })), "");
  await rm(blob);
  assert.match(
    said(await checkRepository(repository, { container: "26.01" })),
    /safetensors: this is a link to .*blob, which is not there/,
  );
});

test("an adapter that lies outside of what the server sees is not there for it", async (context) => {
  const { render, repository, weights } = await place(context);
  const adapters = { show: join(weights, "../show") };
  await makeAdapter(adapters.show);
  await render("qwen2-vl-2b-bf16", { adapters, weightsAt: "/weights" });
  const options = { container: "26.01", cards: [{ bytes: 24 * GIGABYTE }] };
  assert.match(
    said(await checkRepository(repository, { ...options, weightsDir: weights, weightsAt: "/weights" })),
    /show\/adapter_model\.safetensors: is outside of .*weights, which is all that the server sees/,
  );
});

test("a scores model takes no quantized weights, no other type, and no adapter of another model", async (context) => {
  const { render, check, weights } = await place(context);
  const dir = join(weights, "Qwen2-VL-2B-Instruct");
  const adapters = { show: join(weights, "show") };
  await makeAdapter(adapters.show, { width: 3_584 });
  await makeCheckpoint(dir, { config: PUBLISHED[AWQ], bytes: 4_000 });
  await render("qwen2-vl-2b-scores", { adapters });
  assert.match(
    said(await check(24)),
    /the weights are stored as awq, which transformers needs more packages for.*\n.*the adapter "show" was trained on a model of width 3584, and this one has 1536/,
  );
  await makeCheckpoint(dir, { config: QWEN2_7B, bytes: 4_000 });
  assert.match(
    said(await check(24)),
    /weights are of the type qwen2, and this model hosts qwen2_vl, qwen2_5_vl, qwen3_vl/,
  );
});
