import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { after, test } from "node:test";
import { pythonForTests, tritonForTests } from "@followspot/testkit";
import { TritonClient } from "@followspot/triton";
import sharp from "sharp";
import { LanguageEngine } from "./engine/language-engine.ts";
import { madeUpShow } from "./testdata/made-up-show.ts";
import type { VisionRecognizerOptions } from "./vision-question.ts";
import { openVisionRecognizer } from "./vision-recognizer.ts";

// A real tritonserver whose model speaks the vLLM backend's tensors, and says what a hash of the question tells it to.
const REPOSITORY = fileURLToPath(new URL("../../triton-server/testdata/models", import.meta.url));
const environment = await pythonForTests("server");
const options = { skip: environment.skip };
const server = environment.python
  ? await tritonForTests({ repositories: [REPOSITORY], models: ["vllm"], stub: environment.python })
  : undefined;
const client = await TritonClient.connect({ address: server?.address ?? "grpc://127.0.0.1:1" });
after(() => client.close());

const soon = () => AbortSignal.timeout(30_000);
const call = { signal: soon(), deadlineMs: 20_000 };
const jpeg = await sharp({ create: { width: 320, height: 180, channels: 3, background: "#205080" } })
  .jpeg()
  .toBuffer();

async function open(recognizer: VisionRecognizerOptions["recognizer"]) {
  return await openVisionRecognizer({
    client,
    show: madeUpShow(),
    recognizer: { model: "vllm", ...recognizer },
  });
}

test("the key for constraints is found by asking, and an answer is held to it", options, async () => {
  const engine = await LanguageEngine.open({ client, model: "vllm" }, soon());
  assert.equal(engine.constraintKey, "structured_outputs");
  const prompt = "<|im_start|>system\n<|im_end|>\n";
  const sampling = { maxTokens: 20, constraint: { choice: ["fox", "none"] } };
  const { text, finishReason, outputTokens } = await engine.ask({ prompt, pictures: [], sampling }, call);
  assert.ok(["fox", "none"].includes(text), text);
  assert.deepEqual([finishReason, outputTokens], ["stop", 1]);
});

test("a list comes as a list of the cast, with the probabilities of its words", options, async (t) => {
  const recognizer = await open({ ask: "list" });
  t.after(() => recognizer.close());
  const identity = await recognizer.waitUntilReady(soon());
  assert.match(identity.version, /\+[0-9a-f]{8}$/);
  const answer = await recognizer.recognize({ jpeg, ...call });
  assert.equal(answer.reading, "json");
  for (const { label, score } of answer.labels) {
    const expected = answer.ranked.includes(label) ? score > 0.5 && score < 0.999 : score < 0.5;
    assert.ok(expected, `${label} ${score}`);
  }
});

test("who chats instead of answering yes or no has answered nothing", options, async (t) => {
  const recognizer = await open({ ask: "score" });
  t.after(() => recognizer.close());
  await recognizer.waitUntilReady(soon());
  await assert.rejects(recognizer.recognize({ jpeg, ...call }), { reason: "malformed-answer" });
});

test(
  "an adapter that the server does not have, and a wrong sampling value, come back as sentences",
  options,
  async () => {
    const engine = await LanguageEngine.open({ client, model: "vllm" }, soon());
    const plain = { prompt: "p", pictures: [] };
    await assert.rejects(
      engine.ask({ ...plain, sampling: { maxTokens: 4, adapter: "nobody" } }, call),
      /nobody/,
    );
    await assert.rejects(engine.ask({ ...plain, sampling: { maxTokens: 0 } }, call), {
      reason: "rejected",
      message: /sampling parameter maxTokens/,
    });
    const unknown = { maxTokens: 4, best: 3 } as unknown as { maxTokens: number };
    await assert.rejects(engine.ask({ ...plain, sampling: unknown }, call), /Unrecognized key: "best"/);
  },
);
