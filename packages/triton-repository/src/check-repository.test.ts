import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  appendFile,
  mkdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { checkRepository } from "./check-repository.ts";
import { parseModelConfig } from "./model-config.ts";
import { BYTES_2B, BYTES_7B, GIGABYTE, place, said } from "./testdata/place.ts";
import { makeAdapter, makeCheckpoint, QWEN2_7B, QWEN2_VL_2B, writeHoles } from "./testdata/checkpoint.ts";

async function edit(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, "utf8")));
}

test("a model that was just rendered is in order, on a card where it fits", async (context) => {
  const { render, check } = await place(context);
  await render("qwen2-vl-2b-bf16");
  const checked = await check(24);
  assert.equal(said(checked), "");
  assert.ok(checked.ok);
  const [fit] = checked.fits;
  assert.ok(fit && fit.needBytes > 6 * GIGABYTE && fit.needBytes < 10 * GIGABYTE, JSON.stringify(fit));
  assert.ok((fit.conversations ?? 0) > 1, JSON.stringify(fit));
});

test("a model that is too large for its share is told how much it needs of what, and what to do", async (context) => {
  const { render, check } = await place(context);
  await render("qwen2-vl-2b-bf16");
  const checked = await check(12);
  assert.equal(checked.ok, false);
  assert.match(
    said(checked),
    /^error .*model\.json:\d+: qwen2_vl needs about \d\.\d GB \(weights 4\.4 GB, .*cache of one full conversation 0\.2 GB.*\), and its share of the card is 5\.4 GB \(0\.45 of 12\.0 GB\): raise gpu_memory_utilization to 0\.\d+,/,
  );
});

test("what is advised helps: with the share that was named the model fits", async (context) => {
  const { render, check } = await place(context);
  await render("qwen2-vl-2b-bf16");
  const share = Number(/utilization to (0\.\d+)/.exec(said(await check(12)))?.[1]);
  await render("qwen2-vl-2b-bf16", { share, replace: "replace" });
  assert.equal(said(await check(12)), "");
});

test("two models on one card may not ask for all of it together", async (context) => {
  const { render, check, weights } = await place(context);
  await makeCheckpoint(join(weights, "Qwen2-7B-Instruct"), { config: QWEN2_7B, bytes: BYTES_7B });
  await render("qwen2-vl-2b-bf16", { share: 0.5 });
  await render("qwen2-7b-instruct-bf16", { share: 0.5 });
  assert.match(
    said(await check(80)),
    /the models on card 0 ask for 1\.00 of it \(qwen2_text 0\.50, qwen2_vl 0\.50\): .*below 1/,
  );
  await render("qwen2-7b-instruct-bf16", { share: 0.45, replace: "replace" });
  assert.equal(said(await check(80)), "");
  await render("qwen2-7b-instruct-bf16", { share: 0.9, gpu: 1, replace: "replace" });
  assert.equal(said(await check(80)), "", "each has a card of its own");
});

test("without a card only the shares are looked at", async (context) => {
  const { render, check } = await place(context);
  await render("qwen2-vl-2b-bf16");
  const { ok, fits } = await check();
  assert.ok(ok);
  assert.deepEqual([fits[0]?.roomBytes, fits[0]?.conversations], [undefined, undefined]);
});

test("weights that the server knows by another name are looked for where they are here", async (context) => {
  const { render, repository, weights } = await place(context);
  await render("qwen2-vl-2b-bf16", { weightsAt: "/weights" });
  const model = JSON.parse(await readFile(join(repository, "qwen2_vl/1/model.json"), "utf8")) as {
    model: string;
  };
  assert.equal(model.model, "/weights/Qwen2-VL-2B-Instruct");
  const options = { container: "26.01", cards: [{ bytes: 24 * GIGABYTE }] };
  assert.match(
    said(await checkRepository(repository, options)),
    /error \/weights\/Qwen2-VL-2B-Instruct: the weights are not there/,
  );
  assert.equal(
    said(await checkRepository(repository, { ...options, weightsDir: weights, weightsAt: "/weights" })),
    "",
  );
});

test("adapters are rendered, move with the weights, and are looked for", async (context) => {
  const { render, check, repository, weights } = await place(context);
  const adapters = { show: join(weights, "adapters/show") };
  await makeAdapter(adapters.show, { rank: 8 });
  await render("qwen2-vl-2b-bf16", { adapters });
  assert.equal(said(await check(24)), "");
  const json = JSON.parse(await readFile(join(repository, "qwen2_vl/1/model.json"), "utf8")) as Record<
    string,
    unknown
  >;
  assert.deepEqual([json["enable_lora"], json["max_lora_rank"], json["max_loras"]], [true, 32, 2]);
  await render("qwen2-vl-2b-bf16", { adapters, weightsAt: "/w", replace: "replace" });
  assert.equal(
    await readFile(join(repository, "qwen2_vl/1/multi_lora.json"), "utf8"),
    '{\n  "show": "/w/adapters/show"\n}\n',
  );
});

test("a model that is there already is not overwritten, unless one says so", async (context) => {
  const { render, repository } = await place(context);
  await render("qwen2-vl-2b-bf16");
  await assert.rejects(render("qwen2-vl-7b-bf16"), {
    name: "UserError",
    message: /is there already: .*--replace/,
  });
  await render("qwen2-vl-2b-bf16", { name: "second" });
  await appendFile(join(repository, "qwen2_vl/1/old"), "");
  await render("qwen2-vl-2b-bf16", { replace: "replace" });
  await assert.rejects(readFile(join(repository, "qwen2_vl/1/old")), { code: "ENOENT" });
});

type Spoil = (at: { model: string; weights: string; repository: string }) => Promise<unknown>;
const json =
  (change: (text: string) => string): Spoil =>
  ({ model }) =>
    edit(join(model, "1/model.json"), change);
const config =
  (change: (text: string) => string): Spoil =>
  ({ model }) =>
    edit(join(model, "config.pbtxt"), change);
const lora =
  (targets?: readonly string[], rank = 8): Spoil =>
  async ({ model, weights }) => {
    await makeAdapter(join(weights, "a"), { rank, ...(targets && { targets }) });
    await edit(join(model, "1/model.json"), (text) => text.replace("{", '{ "enable_lora": true,'));
    await writeFile(join(model, "1/multi_lora.json"), JSON.stringify({ a: join(weights, "a") }));
  };

const checkpointFile =
  (name: string, content: object): Spoil =>
  ({ weights }) =>
    writeFile(join(weights, "Qwen2-VL-2B-Instruct", name), JSON.stringify(content));
const checkpointConfig = (changes: object): Spoil =>
  checkpointFile("config.json", { ...QWEN2_VL_2B, ...changes });

const SPOILT: readonly (readonly [string, Spoil, RegExp])[] = [
  [
    "no config.pbtxt",
    ({ model }) => rm(join(model, "config.pbtxt")),
    /config\.pbtxt: is missing: every model needs one/,
  ],
  [
    "a spoilt config.pbtxt",
    config((text) => text.replace("KIND_MODEL", "KIND_MODLE")),
    /config\.pbtxt:7: .*enum value expected/,
  ],
  [
    "another name",
    config((text) => text.replace('name: "qwen2_vl"', 'name: "qwen"')),
    /named "qwen" and its folder "qwen2_vl"/,
  ],
  ["no backend", config((text) => text.replace('backend: "vllm"', "")), /no backend is named/],
  [
    "two instances",
    config((text) => text.replace("count: 1", "count: 2")),
    /would load the weights more than once/,
  ],
  ["a batch size", config((text) => `${text}max_batch_size: 4\n`), /max_batch_size must be 0/],
  ["a CPU instance", config((text) => text.replace("KIND_MODEL", "KIND_CPU")), /needs a GPU/],
  [
    "a container nobody knows",
    config((text) => text.replace('"26.01"', '"24.01"')),
    /container "24\.01" is not known here; take one of 25\.01 to 26\.\d\d/,
  ],
  [
    "no version",
    ({ model }) => rm(join(model, "1"), { recursive: true }),
    /there is no version: .*qwen2_vl\/1$/m,
  ],
  [
    "a version with a letter",
    ({ model }) => rename(join(model, "1"), join(model, "v1")),
    /v1: is not taken for a version/,
  ],
  [
    "a version that is asked for",
    config((text) => `${text}version_policy { specific { versions: [3] } }\n`),
    /asks for version 3/,
  ],
  [
    "no model.json",
    ({ model }) => rm(join(model, "1/model.json")),
    /model\.json: is missing: it holds the engine's arguments/,
  ],
  [
    "a comma too much",
    json((text) => text.replace('"seed": 0,', '"seed": 0,,')),
    /model\.json:\d+: this is not JSON \(Expected/,
  ],
  ["an end too early", json((text) => text.slice(0, 40)), /model\.json:\d+: this is not JSON/],
  [
    "the same argument twice",
    json((text) => text.replace('"seed": 0', '"seed": 0, "seed": 1')),
    /model\.json:\d+: Map keys must be unique/,
  ],
  [
    "a misspelt argument",
    json((text) => text.replace('"enforce_eager"', '"enforce_eagre"')),
    /"enforce_eagre" is no engine argument of vLLM 0\.13\.0 \(container 26\.01\): did you mean enforce_eager\?/,
  ],
  [
    "an argument of another version",
    json((text) => text.replace("{", '{ "enable_tower_connector_lora": true,')),
    /vLLM 0\.15\.1 to 0\.\d+\.\d have it; leave it out, or take another container/,
  ],
  [
    "a share above 1",
    json((text) => text.replace("0.45", "1.2")),
    /model\.json:\d+: gpu_memory_utilization: /,
  ],
  [
    "a word for a number",
    json((text) => text.replace('"max_model_len": 8192', '"max_model_len": "8k"')),
    /model\.json:3: max_model_len: /,
  ],
  [
    "more tokens than positions",
    json((text) => text.replace('"max_model_len": 8192', '"max_model_len": 65536')),
    /65536 is more than the 32768 tokens/,
  ],
  [
    "a kind of input that nobody knows",
    json((text) => text.replace('"video"', '"movie"')),
    /"movie" is no kind of input/,
  ],
  [
    "graphs switched off",
    json((text) => text.replace('"enforce_eager": false', '"enforce_eager": true')),
    /warning .*CUDA graphs are off/,
  ],
  [
    "prefix cache switched off",
    json((text) => text.replace('"enable_prefix_caching": true', '"enable_prefix_caching": false')),
    /warning .*computed anew/,
  ],
  [
    "metrics without statistics",
    json((text) => text.replace('"disable_log_stats": false', '"disable_log_stats": true')),
    /warning .*metrics need its statistics/,
  ],
  [
    "a model to be downloaded",
    json((text) => text.replace(/"model": ".*"/, '"model": "Qwen/Qwen2-VL-2B-Instruct"')),
    /would download it from the internet/,
  ],
  [
    "adapters without a list",
    json((text) => text.replace("{", '{ "enable_lora": true,')),
    /multi_lora\.json: is missing, though/,
  ],
  [
    "an adapter of too great a rank",
    lora(undefined, 64),
    /adapter_config\.json:3: the adapter "a" has rank 64, more than max_lora_rank 16/,
  ],
  [
    "an adapter of the vision tower",
    lora(["visual.blocks.0.attn.qkv"]),
    /warning .*changes the vision tower/,
  ],
  [
    "an adapter that is not there",
    async (at) => {
      await lora()(at);
      await rm(join(at.weights, "a"), { recursive: true });
    },
    /multi_lora\.json:1: the adapter "a" is not in/,
  ],
  [
    "no config.json",
    ({ weights }) => rm(join(weights, "Qwen2-VL-2B-Instruct/config.json")),
    /config\.json: is missing/,
  ],
  [
    "a config.json of something else",
    ({ weights }) => writeFile(join(weights, "Qwen2-VL-2B-Instruct/config.json"), "[]"),
    /config\.json: .*is missing or no number/,
  ],
  [
    "no tokenizer",
    ({ weights }) => rm(join(weights, "Qwen2-VL-2B-Instruct/tokenizer.json")),
    /there is no tokenizer/,
  ],
  [
    "no preprocessor",
    ({ weights }) => rm(join(weights, "Qwen2-VL-2B-Instruct/preprocessor_config.json")),
    /no preprocessor_config\.json/,
  ],
  [
    "limits of pictures in words",
    checkpointFile("preprocessor_config.json", { max_pixels: "many" }),
    /preprocessor_config\.json: its limits of pictures .* are no numbers/,
  ],
  [
    "a file of weights missing",
    ({ weights }) => rm(join(weights, "Qwen2-VL-2B-Instruct/model-00002-of-00002.safetensors")),
    /model-00002-of-00002\.safetensors: is missing, though model\.safetensors\.index\.json names it/,
  ],
  [
    "a file of weights cut off",
    ({ weights }) =>
      truncate(join(weights, "Qwen2-VL-2B-Instruct/model-00001-of-00002.safetensors"), 1_000_000),
    /is cut off: 1000000 of \d+ bytes are there/,
  ],
  [
    "a pointer in place of weights",
    ({ weights }) =>
      writeFile(
        join(weights, "Qwen2-VL-2B-Instruct/model-00001-of-00002.safetensors"),
        "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 4\n",
      ),
    /only a pointer of Git LFS/,
  ],
  [
    "a model folder that is a link to nowhere",
    ({ repository }) => symlink("/nowhere/at/all", join(repository, "second")),
    /repository\/second: this is a link to \/nowhere\/at\/all, which is not there/,
  ],
  [
    "a folder in place of config.pbtxt",
    async ({ model }) => {
      await rm(join(model, "config.pbtxt"));
      await mkdir(join(model, "config.pbtxt"));
    },
    /config\.pbtxt: this is a folder, where a file belongs/,
  ],
  [
    "a byte order mark in model.json",
    json((text) => `\uFEFF${text}`),
    /model\.json:1: it begins with a byte order mark, .*: save it as UTF-8 without one/,
  ],
  [
    "UTF-16 in config.pbtxt",
    ({ model }) => writeFile(join(model, "config.pbtxt"), Buffer.from("\uFEFFname", "utf16le")),
    /config\.pbtxt:1: this is UTF-16/,
  ],
  [
    "a config.pbtxt of 100 MB",
    ({ model }) => truncate(join(model, "config.pbtxt"), 100_000_000),
    /config\.pbtxt: this is too long to be read: 100000000 bytes/,
  ],
  [
    "a dtype that nobody knows",
    json((text) => text.replace('"bfloat16"', '"bf16"')),
    /model\.json:\d+: dtype: /,
  ],
  [
    "more cards than heads can be dealt to",
    json((text) => text.replace("{", '{ "tensor_parallel_size": 5,')),
    /tensor_parallel_size 5 does not divide the 12 attention heads of the model: take one of 1, 2, 4/,
  ],
  [
    "heads that the vision tower cannot deal out",
    json((text) => text.replace("{", '{ "tensor_parallel_size": 3,')),
    /tensor_parallel_size 3 does not divide the 16 attention heads of its vision tower/,
  ],
  [
    "several cards, of which one is shown",
    async (at) => {
      await json((text) => text.replace("{", '{ "tensor_parallel_size": 2,'))(at);
      await config((text) => text.replace("kind: KIND_MODEL", "kind: KIND_GPU gpus: [1]"))(at);
    },
    /the engine is shown card 1 alone, and tensor_parallel_size is 2/,
  ],
  [
    "pictures larger than a conversation",
    json((text) => text.replace("301056", "12845056")),
    /model\.json:\d+: one picture may have 16384 tokens, more than max_model_len 8192, .*: lower max_pixels/,
  ],
  [
    "more pictures than fit a conversation",
    json((text) => text.replace('"image": 8', '"image": 40')),
    /warning .*40 pictures of 384 tokens are more than max_model_len 8192/,
  ],
  [
    "fewer tokens than requests in a step",
    json((text) => text.replace('"max_num_batched_tokens": 8192', '"max_num_batched_tokens": 8')),
    /max_num_batched_tokens 8 is less than max_num_seqs 16/,
  ],
  [
    "a rank that vLLM has no room of that size for",
    json((text) => text.replace("{", '{ "max_lora_rank": 24,')),
    /max_lora_rank: must be 8, 16, 32/,
  ],
  [
    "a quantization that the weights do not have",
    json((text) => text.replace("{", '{ "quantization": "awq",')),
    /quantization "awq" is asked for, and the weights are stored as 16-bit floats: take the AWQ weights/,
  ],
  [
    "weights of another family",
    checkpointConfig({ model_type: "qwen2_5_vl" }),
    /these are weights of the type qwen2_5_vl, and the profile qwen2-vl-2b-bf16 is for qwen2_vl/,
  ],
  [
    "weights stored in another way",
    checkpointConfig({ quantization_config: { quant_method: "awq", bits: 4 } }),
    /warning .*stored as awq, and the profile qwen2-vl-2b-bf16 is for BF16/,
  ],
  [
    "a family that this vLLM does not know yet",
    async (at) => {
      await checkpointConfig({ model_type: "qwen3_vl" })(at);
      await config((text) => text.replace('"26.01"', '"25.10"'))(at);
    },
    /vLLM 0\.10\.2 \(container 25\.10\) does not know qwen3_vl: take container 25\.11 or later/,
  ],
  [
    "positions as only a newer transformers writes them",
    async (at) => {
      await checkpointConfig({ rope_parameters: { rope_theta: 1e6, mrope_section: [16, 24, 24] } })(at);
      await config((text) => text.replace('"26.01"', '"25.12"'))(at);
    },
    /written by transformers 5 \(rope_parameters\), .* container 26\.01 or later/,
  ],
  [
    "a tokenizer with more words than the model",
    checkpointFile("tokenizer.json", { model: { vocab: { a: 0, b: 200_000 } } }),
    /tokenizer\.json: knows token 200000, and config\.json has only 151936/,
  ],
  [
    "a tokenizer with another mark for pictures",
    checkpointFile("tokenizer.json", { added_tokens: [{ id: 7, content: "<|image_pad|>" }] }),
    /<\|image_pad\|> is token 7, and config\.json says 151655/,
  ],
  ["a tokenizer that is none", checkpointFile("tokenizer.json", []), /is no tokenizer of Hugging Face's/],
  [
    "a base model in place of the one that answers",
    checkpointFile("tokenizer_config.json", {}),
    /warning .*tokenizer_config\.json: has no chat template, so this seems to be a base model/,
  ],
  [
    "a part of the weights of another model",
    ({ weights }) =>
      writeHoles(join(weights, "Qwen2-VL-2B-Instruct/model-00002-of-00002.safetensors"), { other: 4 }),
    /model-00002-of-00002\.safetensors: has no layer\.2, though model\.safetensors\.index\.json says so/,
  ],
  [
    "words of another width",
    ({ weights }) =>
      writeHoles(join(weights, "Qwen2-VL-2B-Instruct/model-00002-of-00002.safetensors"), {
        "layer.2": 4,
        "model.embed_tokens.weight": [151_936, 2_048],
      }),
    /has 151936 x 2048 numbers for its words, and config\.json says 151936 x 1536: .*another model/,
  ],
  [
    "an index that names files elsewhere",
    checkpointFile("model.safetensors.index.json", { weight_map: { a: "../../secret" } }),
    /index\.json: names no files of weights/,
  ],
  [
    "one part of weights without an index",
    ({ weights }) => rm(join(weights, "Qwen2-VL-2B-Instruct/model.safetensors.index.json")),
    /there is no model\.safetensors\.index\.json, though model-0000\d-of-00002\.safetensors is one part of several/,
  ],
  [
    "weights with bytes at the end",
    ({ weights }) =>
      appendFile(join(weights, "Qwen2-VL-2B-Instruct/model-00001-of-00002.safetensors"), "more"),
    /has 4 bytes too many: copy it again/,
  ],
  [
    "an adapter of another model",
    async ({ model, weights }) => {
      await lora()({ model, weights, repository: "" });
      await makeAdapter(join(weights, "a"), { width: 3_584 });
    },
    /the adapter "a" was trained on a model of width 3584, and this one has 1536/,
  ],
];

for (const [what, spoil, message] of SPOILT) {
  test(`${what}: found`, async (context) => {
    const { render, check, repository, weights } = await place(context);
    const model = await render("qwen2-vl-2b-bf16");
    await spoil({ model, weights, repository });
    const checked = await check(24);
    assert.match(said(checked), message);
    assert.equal(checked.ok, !said(checked).includes("error "));
  });
}

test("a folder that is no repository is refused with what to do", async (context) => {
  const { repository, weights, check, render } = await place(context);
  await assert.rejects(check(), { name: "UserError", message: /is no folder: name a model repository/ });
  await mkdir(repository);
  await assert.rejects(check(), { name: "UserError", message: /has no model folders/ });
  await render("qwen2-vl-2b-bf16", { to: join(repository, "inner") });
  await assert.rejects(checkRepository(join(repository, "inner/qwen2_vl"), { container: "26.01" }), {
    name: "UserError",
    message: /inner\/qwen2_vl is a model: name the folder that it lies in/,
  });
  assert.match(said(await check()), /one folder further down: name .*inner as the repository/);
  assert.ok(weights);
});

test("a checkpoint of a newer transformers, with the language model's numbers apart, is understood", async (context) => {
  const { render, check, weights } = await place(context);
  const { vision_config, model_type, architectures, ...text } = QWEN2_VL_2B;
  await render("qwen2-vl-2b-bf16");
  const before = await check(24);
  const dir = join(weights, "Qwen2-VL-2B-Instruct");
  await makeCheckpoint(dir, {
    config: { architectures, model_type, text_config: text, vision_config },
    bytes: BYTES_2B,
  });
  assert.deepEqual(await check(24), before);
});

const PYTHON = spawnSync("python3", ["--version"]).status === 0;

test("a scores model gets its package, its weights and a version that another weight changes", {
  skip: !PYTHON && "needs python3",
}, async (context) => {
  const { render, check, repository, weights } = await place(context);
  const small = join(weights, "Qwen2-VL-2B-Instruct");
  await makeCheckpoint(small, { bytes: 4_000 });
  const versionIn = async (): Promise<string | undefined> => {
    const file = join(repository, "qwen2_vl_scores/config.pbtxt");
    const { parameters } = parseModelConfig(await readFile(file, "utf8"), file);
    assert.equal(parameters?.["weights"]?.string_value, small);
    return parameters?.["version"]?.string_value;
  };
  const folder = await render("qwen2-vl-2b-scores");
  assert.ok((await stat(join(folder, "1/followspot_scores/questions.json"))).isFile());
  assert.equal(said(await check(24)), "");
  const first = await versionIn();
  assert.match(first ?? "", /^[0-9a-f]{12}$/);
  await render("qwen2-vl-2b-scores", { replace: "replace" });
  assert.equal(await versionIn(), first);
  await makeCheckpoint(small, { bytes: 4_002 });
  await render("qwen2-vl-2b-scores", { replace: "replace" });
  assert.notEqual(await versionIn(), first);
});

test("a scores model whose weights are elsewhere has no version, and check says what that means", async (context) => {
  const { render, check, weights } = await place(context);
  await rename(join(weights, "Qwen2-VL-2B-Instruct"), join(weights, "away"));
  await render("qwen2-vl-2b-scores");
  await rename(join(weights, "away"), join(weights, "Qwen2-VL-2B-Instruct"));
  const checked = await check(24);
  assert.match(said(checked), /^warning .*config\.pbtxt: the model has no version, .*: render it again here/);
  assert.ok(checked.ok);
});

test("a scores model beside an engine takes its part of the card", async (context) => {
  const { render, check } = await place(context);
  await render("qwen2-vl-2b-scores");
  await render("qwen2-vl-2b-bf16", { share: 0.6 });
  assert.match(
    said(await check(16)),
    /the models on card 0 ask for 1\.\d\d of it \(qwen2_vl 0\.60, qwen2_vl_scores 0\.\d\d\)/,
  );
  await render("qwen2-vl-2b-bf16", { share: 0.45, replace: "replace" });
  assert.equal(said(await check(24)), "");
});

for (const [what, from, to, message] of [
  [
    "a number in words",
    '"301056"',
    '"many"',
    /error .*the parameter "max_pixels" is "many": write a whole number above 0/,
  ],
  [
    "no folder of weights",
    /string_value: ".*Qwen2-VL-2B-Instruct"/,
    'string_value: ""',
    /error .*the parameter "weights" is empty/,
  ],
] as const) {
  test(`a scores model with ${what}: found`, async (context) => {
    const { render, check } = await place(context);
    const folder = await render("qwen2-vl-2b-scores");
    await edit(join(folder, "config.pbtxt"), (text) => text.replace(from, to));
    assert.match(said(await check(24)), message);
  });
}

test("a model.py that is missing: found", async (context) => {
  const { render, check } = await place(context);
  const folder = await render("qwen2-vl-2b-scores");
  await rm(join(folder, "1/model.py"));
  assert.match(said(await check(24)), /model\.py: is missing: a model of the Python backend is this file/);
});
