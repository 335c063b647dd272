import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../main.ts", import.meta.url));

async function triton(
  ...words: readonly string[]
): Promise<{ code: number | null; out: string; err: string }> {
  // Without nvidia-smi, whatever this machine has.
  const child = spawn(process.execPath, [MAIN, "triton", ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, PATH: "" },
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, out, err };
}

async function folder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-triton-command-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

test("a model is rendered, and what is missing of it is said with exit code 1", async (context) => {
  const dir = await folder(context);
  const repository = join(dir, "repository");
  const weights = ["--weights", join(dir, "weights"), "--weights-at", "/weights"];
  const rendered = await triton(
    "render",
    "--profile",
    "qwen2-vl-2b-awq",
    ...weights,
    "--to",
    repository,
    "--share",
    "0.6",
  );
  assert.equal(rendered.code, 0, rendered.err);
  assert.match(
    rendered.err,
    /qwen2_vl is written, for nvcr\.io\/nvidia\/tritonserver:26\.01-vllm-python-py3\nnext: followspot triton check .*--weights-at \/weights\n$/,
  );
  const json = JSON.parse(await readFile(join(repository, "qwen2_vl/1/model.json"), "utf8")) as Record<
    string,
    unknown
  >;
  assert.equal(json["gpu_memory_utilization"], 0.6);
  assert.equal(json["model"], "/weights/Qwen2-VL-2B-Instruct-AWQ");
  const checked = await triton("check", repository, ...weights);
  assert.equal(checked.code, 1);
  assert.match(checked.out, /^error {4}.*weights\/Qwen2-VL-2B-Instruct-AWQ: the weights are not there/);
  assert.match(
    checked.err,
    /nvidia-smi is not here; say its size with --gpu-memory-gb, and --compute-capability\n1 model: qwen2_vl: 1 error, 0 to think about\n$/,
  );
});

test("with --json nothing but one document stands on standard output", async (context) => {
  const dir = await folder(context);
  await triton("render", "--profile", "qwen2-vl-2b-awq", "--weights", dir, "--to", join(dir, "repository"));
  const { out, code } = await triton("check", join(dir, "repository"), "--gpu-memory-gb", "24", "--json");
  const { ok, models, findings } = JSON.parse(out) as { ok: boolean; models: string[]; findings: unknown[] };
  assert.deepEqual([ok, models, findings.length, code], [false, ["qwen2_vl"], 1, 1]);
});

for (const [what, words, message] of [
  [
    "a profile that is not there",
    ["render", "--profile", "qwen9", "--weights", "w", "--to", "r"],
    /no profile "qwen9"; take one of/,
  ],
  [
    "a share of the whole card",
    ["render", "--profile", "qwen2-vl-2b-awq", "--weights", "w", "--to", "r", "--share", "1"],
    /between 0 and 1/,
  ],
  [
    "an adapter without a folder",
    ["render", "--profile", "qwen2-vl-2b-awq", "--weights", "w", "--to", "r", "--adapter", "show"],
    /NAME=DIR/,
  ],
  [
    "a name that leaves the repository",
    ["render", "--profile", "qwen2-vl-2b-awq", "--weights", "w", "--to", "r", "--name", "../x"],
    /letters, digits/,
  ],
  ["a repository that is not there", ["check", "/nowhere/at/all"], /is no folder: name a model repository/],
  ["a card of no generation", ["check", ".", "--compute-capability", "ampere"], /as NVIDIA writes it/],
  [
    "a container that nobody knows",
    ["render", "--profile", "qwen2-vl-2b-awq", "--weights", "w", "--to", "r", "--container", "24.10"],
    /--container: the container "24\.10" is not known here; take one of 25\.01 to/,
  ],
  [
    "half of what says where the weights are",
    ["check", ".", "--weights", "w"],
    /--weights and --weights-at belong together/,
  ],
  [
    "a server's path that is none",
    ["render", "--profile", "qwen2-vl-2b-awq", "--weights", "w", "--to", "r", "--weights-at", "weights"],
    /a whole path, for example \/weights/,
  ],
  ["a card without memory", ["check", ".", "--gpu-memory-gb", "0"], /a number of gigabytes/],
] as const) {
  test(`${what} is refused with exit code 2`, async () => {
    const { code, err, out } = await triton(...words);
    assert.deepEqual([code, out], [2, ""], err);
    assert.match(err, message);
  });
}

test("all profiles are listed, one a line", async () => {
  const { code, out } = await triton("profiles");
  assert.equal(code, 0);
  const lines = out.trimEnd().split("\n");
  assert.ok(lines.length >= 25, out);
  assert.ok(
    lines.every((line) => /^\S+ +qwen2_\w+ +\S+ +\d\d\.\d\d {2}\S+$/.test(line)),
    out,
  );
});
