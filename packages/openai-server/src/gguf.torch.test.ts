import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { llamaForTests, pythonForTests } from "@followspot/testkit";
import { OpenAiEngine } from "./openai-engine.ts";
import { OpenAiServer } from "./openai-server.ts";
import { JPEG_BLUE, JPEG_ORANGE } from "./testdata/pictures.ts";

const PACKAGE = fileURLToPath(new URL("../../../deploy/llama", import.meta.url));
/** Natural logarithm; two implementations in 32-bit floats, and two decoders of JPEG. */
const TOLERANCE = 0.03;
const PROMPT =
  "<|im_start|>system\nYou watch the show.\n- fox: the fox<|im_end|>\n<|im_start|>user\n" +
  "<|vision_start|><|image_pad|><|vision_end|>Are 12 foxes in the picture?<|im_end|>\n<|im_start|>assistant\n";

const torch = await pythonForTests("torch");
const llama = torch.skip ? torch : await pythonForTests("llama");

test("llama.cpp says of a picture what transformers says with the same weights, token by token", {
  skip: torch.skip || llama.skip,
}, async (context) => {
  if (!torch.python || !llama.python) return;
  const { url } = await llamaForTests({ python: llama.python.python }, context);
  const server = new OpenAiServer({ address: { url } });
  context.after(() => server.close());
  const call = { signal: new AbortController().signal, deadlineMs: 30_000 };
  const engine = await OpenAiEngine.open(server, call.signal);
  const best: string[] = [];
  for (const jpeg of [JPEG_BLUE, JPEG_ORANGE]) {
    const expected = await reference(torch.python.python, jpeg);
    const { logprobs } = await engine.ask(
      { prompt: PROMPT, pictures: [jpeg], sampling: { maxTokens: 1, logprobs: 20 } },
      call,
    );
    const [place] = JSON.parse(logprobs) as [Record<string, { logprob: number }>];
    const told = Object.entries(place);
    assert.ok(told.length >= 20, logprobs);
    for (const [id, { logprob }] of told) {
      const difference = Math.abs(logprob - (expected[id] ?? Infinity));
      assert.ok(difference < TOLERANCE, `token ${id}: ${logprob} and ${expected[id]}`);
    }
    best.push(JSON.stringify(told.map(([, { logprob }]) => logprob.toFixed(1))));
  }
  assert.notEqual(best[0], best[1], "the pictures make no difference, so nothing was compared");
});

async function reference(python: string, jpeg: Uint8Array): Promise<Record<string, number>> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-reference-"));
  try {
    const file = join(dir, "picture.jpg");
    await writeFile(file, jpeg);
    const child = spawn(python, ["-m", "followspot_gguf.reference", file], {
      cwd: PACKAGE,
      env: { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" },
    });
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
    child.stdin.end(PROMPT);
    const [code] = (await once(child, "close")) as [number | null];
    assert.equal(code, 0, err);
    return JSON.parse(out) as Record<string, number>;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
