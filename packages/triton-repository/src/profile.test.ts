import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { containerOf } from "./containers.ts";
import { engineArguments } from "./engine-arguments.ts";
import { fillChat } from "./fill-chat.ts";
import { listProfiles, readProfile } from "./profile.ts";

async function profiles(context: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-profiles-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  await mkdir(join(dir, "bases"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return dir;
}

const ALL = await listProfiles();

test("there is a value file for every model and format that the project names", () => {
  const formats = ["bf16", "awq", "gptq-int4", "gptq-int8", "fp8", "scores"];
  const wanted = [
    ...["2b", "7b"].flatMap((size) => formats.map((format) => `qwen2-vl-${size}-${format}`)),
    "qwen2.5-vl-3b-bf16",
    "qwen2.5-vl-7b-bf16",
    "qwen3-vl-2b-bf16",
    "qwen3-vl-4b-bf16",
    "qwen3-vl-8b-bf16",
    "qwen2-7b-instruct-bf16",
    "qwen1.5-7b-chat-bf16",
    "llama-3-8b-instruct-bf16",
    "yi-1.5-9b-chat-bf16",
    "glm-4-9b-chat-bf16",
  ];
  assert.deepEqual(
    wanted.filter((name) => !ALL.includes(name)),
    [],
  );
});

for (const name of ALL) {
  test(`profile ${name} says all that is needed, in words that its vLLM knows`, async () => {
    const profile = await readProfile(name);
    const { vllm } = containerOf(profile.container, name);
    const known = engineArguments(vllm);
    assert.deepEqual(
      Object.keys(profile.engine).filter((key) => !known.has(key)),
      [],
    );
    if (profile.model === "qwen2_text") assert.ok(profile.chat, "a text model needs its chat form");
    else assert.ok(profile.family, "a vision-language model needs its family");
    if (profile.runs === "vllm") {
      assert.equal(profile.engine["enforce_eager"], false);
      assert.equal(profile.engine["enable_prefix_caching"], true);
    }
  });
}

test("vision and text model on one card ask for less than all of it", async () => {
  const shares: number[] = [];
  for (const name of ["qwen2-vl-7b-awq", "qwen2-7b-instruct-awq"]) {
    shares.push(Number((await readProfile(name)).engine["gpu_memory_utilization"]));
  }
  const sum = shares.reduce((all, one) => all + one, 0);
  assert.ok(sum > 0.5 && sum < 1, shares.join());
});

test("a profile's own words go before those of what it extends, argument by argument, and null takes one out", async (context) => {
  const dir = await profiles(context, {
    "bases/deep.yaml": "runs: vllm\nmodel: m\ncontainer: '26.01'\nengine: { seed: 1, dtype: auto }\n",
    "bases/near.yaml": "extends: deep\nengine: { seed: 2 }\n",
    "one.yaml":
      "extends: near\nsheet: s\nweights: W\nformat: BF16\ntype: t\nengine: { max_num_seqs: 3, seed: null }\n",
  });
  const { engine, model } = await readProfile("one", dir);
  assert.deepEqual({ engine, model }, { engine: { dtype: "auto", max_num_seqs: 3 }, model: "m" });
});

test("an editor's byte order mark and line ends do no harm to a profile", async (context) => {
  const text = "runs: vllm\nmodel: m\ncontainer: '26.01'\nsheet: s\nweights: W\nformat: BF16\ntype: t\n";
  const dir = await profiles(context, { "one.yaml": `\uFEFF${text.replaceAll("\n", "\r\n")}` });
  const { runs, type } = await readProfile("one", dir);
  assert.deepEqual({ runs, type }, { runs: "vllm", type: "t" });
});

for (const [what, files, message] of [
  [
    "a file of two megabytes",
    { "one.yaml": "#".repeat(2_000_000) },
    /one\.yaml: this is too long to be read/,
  ],
  ["a file with aliases", { "one.yaml": "a: &a [1]\nb: *a\n" }, /one\.yaml: aliases/],
  ["an unknown key", { "one.yaml": "runs: vllm\nweigths: W\n" }, /one\.yaml:2: .*weigths/],
  ["a format that nobody knows", { "one.yaml": "sheet: s\nformat: INT3\n" }, /one\.yaml:2: format: /],
  [
    "a template without a place for the user",
    { "one.yaml": "chat:\n  stop: [x]\n  stopTokenIds: []\n  template: '{system}'\n" },
    /one\.yaml:4: chat\.template: must have/,
  ],
  [
    "something missing",
    { "one.yaml": "runs: vllm\n" },
    /one\.yaml: model, container, sheet, weights, type, format is missing/,
  ],
  [
    "a base that is not there",
    { "one.yaml": "extends: nobody\n" },
    /there is no .*nobody\.yaml, which it extends/,
  ],
  [
    "a base that extends itself",
    { "one.yaml": "extends: a\n", "bases/a.yaml": "extends: a\n" },
    /goes on and on/,
  ],
] as const) {
  test(`${what} is refused in one sentence`, async (context) => {
    const dir = await profiles(context, files);
    await assert.rejects(readProfile("one", dir), { name: "UserError", message });
  });
}

test("a profile that is not there is answered with those that are", async () => {
  await assert.rejects(readProfile("qwen9"), {
    name: "UserError",
    message: /no profile "qwen9"; take one of .*qwen2-vl-2b-awq/,
  });
  await assert.rejects(readProfile("../bases/vision"), { name: "UserError" });
});

test("a conversation is written as each model wants it, and a placeholder in a text stays text", async () => {
  const asked = { system: "Tidy {user}.", user: "A wolf in {system}." };
  const chats: Record<string, string> = {};
  for (const name of [
    "qwen2-7b-instruct-bf16",
    "llama-3-8b-instruct-bf16",
    "yi-1.5-9b-chat-bf16",
    "glm-4-9b-chat-bf16",
  ]) {
    const { chat } = await readProfile(name);
    assert.ok(chat);
    chats[name] = fillChat(chat, asked);
  }
  assert.deepEqual(chats, {
    "qwen2-7b-instruct-bf16":
      "<|im_start|>system\nTidy {user}.<|im_end|>\n<|im_start|>user\nA wolf in {system}.<|im_end|>\n<|im_start|>assistant\n",
    "llama-3-8b-instruct-bf16":
      "<|start_header_id|>system<|end_header_id|>\n\nTidy {user}.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n" +
      "A wolf in {system}.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n",
    "yi-1.5-9b-chat-bf16":
      "Tidy {user}.<|im_start|>user\nA wolf in {system}.<|im_end|>\n<|im_start|>assistant\n",
    "glm-4-9b-chat-bf16": "<|system|>\nTidy {user}.<|user|>\nA wolf in {system}.<|assistant|>\n",
  });
});
