import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { ModelInferResponse } from "@followspot/schema/inference/grpc_service";
import { until } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { bytesTensor, inferRequest, type InputTensor, outputTensor } from "./infer-messages.ts";
import { InferenceError, type InferenceErrorReason } from "./inference-error.ts";
import { TritonClient } from "./triton-client.ts";

const CALL = { deadlineMs: 30_000 };
const set = (name: string): InputTensor => ({ name, datatype: "BOOL", shape: [1], raw: Uint8Array.of(1) });
const EXCLUDE = set("exclude_input_in_output");
const STREAM = set("stream");

async function setUp(t: TestContext, texts: readonly string[] = ["the wolf", " and", " the axe"]) {
  const triton = await ScriptedTriton.start({
    models: [{ name: "qwen2_vl", contract: "vllm", texts: () => texts, slots: 8 }],
  });
  t.after(() => triton.close());
  const client = await TritonClient.connect({ address: triton.address });
  t.after(() => client.close());
  return { triton, model: triton.model, client };
}

function ask(
  client: TritonClient,
  { id = "s", inputs = [EXCLUDE, STREAM], model = "qwen2_vl", ...call }: Asked = {},
) {
  const request = inferRequest({
    model,
    id,
    inputs: [bytesTensor("text_input", ["Who?"]), ...inputs],
    parameters: { triton_enable_empty_final_response: true },
  });
  return client.streamInfer(request, { ...CALL, ...call });
}

interface Asked {
  id?: string;
  model?: string;
  inputs?: InputTensor[];
  signal?: AbortSignal;
  deadlineMs?: number;
}

async function textOf(answers: AsyncIterable<ModelInferResponse>): Promise<string> {
  let text = "";
  for await (const answer of answers) {
    text += outputTensor(answer, { name: "text_output", datatype: "BYTES", shape: [1] }).join("");
  }
  return text;
}

function because(reason: InferenceErrorReason) {
  return (error: unknown) => {
    assert.ok(error instanceof InferenceError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  };
}

test("the parts of an answer come one by one and end with the flagged one", async (t) => {
  const { client } = await setUp(t);
  assert.equal(await textOf(ask(client)), "the wolf and the axe");
});

test("without being told otherwise the backend puts the prompt in front", async (t) => {
  const { client } = await setUp(t);
  assert.equal(await textOf(ask(client, { inputs: [] })), "Who?the wolf and the axe");
});

test("a last response that is empty ends the answer and is not passed on", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("empty-final");
  assert.equal(await textOf(ask(client)), "the wolf and the axe");
});

test("an early error ends the call although it has no status, no final flag, and the stream stays open", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("early-error");
  await assert.rejects(textOf(ask(client)), because("failed"));
  assert.equal(await textOf(ask(client)), "the wolf and the axe");
});

test("an error after some parts ends the call", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("late-error");
  await assert.rejects(textOf(ask(client)), because("failed"));
});

test("an unknown model is not available", async (t) => {
  const { client } = await setUp(t);
  await assert.rejects(textOf(ask(client, { model: "nobody" })), because("model-unavailable"));
});

test("a stream that ends before its final response was cut off", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("no-final-flag");
  await assert.rejects(textOf(ask(client)), because("unavailable"));
});

test("an answer of more parts than are ever read ahead arrives whole", async (t) => {
  const texts = Array.from({ length: 500 }, (_, index) => `${index} `);
  const { client } = await setUp(t, texts);
  assert.equal(await textOf(ask(client)), texts.join(""));
});

test("two requests whose answers overtake each other get each their own", async (t) => {
  const { triton, model, client } = await setUp(t);
  model.texts = ({ id }) => [id];
  triton.misbehave("out-of-order");
  const first = textOf(ask(client, { id: "first" }));
  await until("the first is served", () => model.counts.answered === 1);
  assert.deepEqual(await Promise.all([first, textOf(ask(client, { id: "second" }))]), ["first", "second"]);
});

test("an answer with another id is malformed", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("wrong-id");
  await assert.rejects(textOf(ask(client)), because("malformed-answer"));
});

test("a deadline holds for the whole stream", async (t) => {
  const { triton, model, client } = await setUp(t);
  triton.misbehave("hang");
  await assert.rejects(textOf(ask(client, { deadlineMs: 150 })), because("deadline-exceeded"));
  await until("the server saw the cancel", () => model.counts.cancelled === 1);
});

test("an abort, and leaving the loop, both reach the server", async (t) => {
  const { triton, model, client } = await setUp(t);
  triton.misbehave("hang");
  const stop = new AbortController();
  const answer = textOf(ask(client, { signal: stop.signal }));
  await until("the server has the request", () => model.counts.received === 1);
  stop.abort();
  await assert.rejects(answer, because("canceled"));
  await until("the server saw the cancel", () => model.counts.cancelled === 1);
  for await (const part of ask(client)) {
    assert.equal(part.id, "s");
    break;
  }
  assert.equal(await textOf(ask(client)), "the wolf and the axe");
});

test("a broken connection and a refusal are unavailable", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("disconnect", 10);
  await assert.rejects(textOf(ask(client)), because("unavailable"));
  triton.behave();
  triton.misbehave("unavailable", 10);
  await assert.rejects(textOf(ask(client)), because("unavailable"));
});
