import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { llamaForTests, pythonForTests } from "@followspot/testkit";
import sharp from "sharp";
import { OpenAiEngine } from "./openai-engine.ts";
import { OpenAiServer } from "./openai-server.ts";

const PACKAGE = fileURLToPath(new URL("../../../deploy/llama", import.meta.url));
/** Natural logarithm; two implementations in 32-bit floats differ by 0.011, the smallest mistake tried by 0.043. */
const TOLERANCE = 0.025;
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
  for (const seed of [1, 2]) {
    const picture = await patchwork(seed);
    const expected = await reference(torch.python.python, picture);
    const { logprobs } = await engine.ask(
      { prompt: PROMPT, pictures: [picture], sampling: { maxTokens: 1, logprobs: 20 } },
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

/** A different colour in each of its patches, and sides that nobody has to round: 112 x 84 pixels, as PNG. */
async function patchwork(seed: number): Promise<Uint8Array> {
  const [width, height] = [8, 6];
  let state = seed;
  const colours = Uint8Array.from({ length: width * height * 3 }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state & 0xff;
  });
  return await sharp(colours, { raw: { width, height, channels: 3 } })
    .resize(width * 14, height * 14, { kernel: "nearest" })
    .png()
    .toBuffer();
}

async function reference(python: string, picture: Uint8Array): Promise<Record<string, number>> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-reference-"));
  try {
    const file = join(dir, "picture.png");
    await writeFile(file, picture);
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
