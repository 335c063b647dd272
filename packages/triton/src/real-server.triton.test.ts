import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { pythonForTests, tritonForTests, until } from "@followspot/testkit";
import { STAND_IN_MODELS, type TritonServerOptions } from "@followspot/triton-server";
import { bytesTensor, inferRequest, type InputTensor, outputTensor } from "./infer-messages.ts";
import { InferenceError, type InferenceErrorReason } from "./inference-error.ts";
import { ScoresRecognizer } from "./scores-recognizer.ts";
import { scoresParts } from "./scores-request.ts";
import { TritonClient, type TritonOptions } from "./triton-client.ts";

const { python, skip } = await pythonForTests("server");

const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);
const CALL = { deadlineMs: 20_000 };
const QUESTION = { jpeg: JPEG, labels: ["wolf", "hood"], deadlineMs: 20_000 };
const soon = () => AbortSignal.timeout(30_000);

async function setUp(
  t: TestContext,
  options: Partial<TritonServerOptions> & { client?: Partial<TritonOptions> } = {},
) {
  assert.ok(python);
  const server = await tritonForTests(
    { repositories: [STAND_IN_MODELS], models: ["scores", "vllm_slow"], stub: python, ...options },
    t,
  );
  const client = await TritonClient.connect({ address: server.address, ...options.client });
  t.after(() => client.close());
  return { server, client };
}

const question = (id: string) => scoresParts({ model: "scores", id, jpeg: JPEG, labels: ["wolf"] });

/** Some 20 ms for each token, and so many of them. */
function longRequest(tokens: number) {
  const stream: InputTensor = { name: "stream", datatype: "BOOL", shape: [1], raw: Uint8Array.of(1) };
  const sampling = JSON.stringify({ max_tokens: tokens, ignore_eos: true });
  const inputs = [
    bytesTensor("text_input", ["Who?"]),
    stream,
    bytesTensor("sampling_parameters", [sampling]),
  ];
  return inferRequest({ model: "vllm_slow", id: "long", inputs });
}

function longStream(client: TritonClient, tokens: number) {
  const parts: string[] = [];
  const read = async () => {
    for await (const answer of client.streamInfer(longRequest(tokens), CALL)) {
      parts.push(...outputTensor(answer, { name: "text_output", datatype: "BYTES", shape: [1] }));
    }
    return parts.length;
  };
  return { parts, ended: read() };
}

function because(...reasons: InferenceErrorReason[]) {
  return (error: unknown) => {
    assert.ok(error instanceof InferenceError, String(error));
    assert.ok(reasons.includes(error.reason), error.message);
    return true;
  };
}

test("a recognizer finds the model by its configuration, batched or not, and gets the same scores", {
  skip,
}, async (t) => {
  const { client } = await setUp(t, { models: ["scores", "scores_batched"] });
  const [alone, batched] = await Promise.all(
    ["scores", "scores_batched"].map(async (model) => {
      const recognizer = await ScoresRecognizer.connect({ client, model });
      t.after(() => recognizer.close());
      const identity = await recognizer.waitUntilReady(soon());
      return { identity, answer: await recognizer.recognize(QUESTION) };
    }),
  );
  assert.ok(alone && batched);
  assert.deepEqual([alone.identity.batched, alone.identity.instances], [undefined, 1]);
  assert.deepEqual([batched.identity.batched, batched.identity.instances], [true, 8]);
  assert.deepEqual(batched.answer.labels, alone.answer.labels);
  assert.deepEqual(
    alone.answer.labels.map(({ label }) => label),
    QUESTION.labels,
  );
});

test("a restricted protocol opens with its header only, streams too", { skip }, async (t) => {
  const restrictedProtocol = { key: "admin", value: "s3cret" };
  const args = ["--grpc-restricted-protocol=inference,health:admin=s3cret"];
  const { server, client } = await setUp(t, { args });
  await assert.rejects(client.live(), because("unauthorized"));
  await assert.rejects(client.infer(question("1"), CALL), because("unauthorized"));
  await assert.rejects(longStream(client, 1).ended, because("unauthorized"));
  const permitted = await TritonClient.connect({ address: server.address, restrictedProtocol });
  t.after(() => permitted.close());
  assert.equal(await permitted.live(), true);
  assert.equal((await permitted.infer(question("2"), CALL)).id, "2");
  assert.equal(await longStream(permitted, 2).ended, 2);
});

test("a reader that leaves in the middle of a stream makes the model stop", { skip }, async (t) => {
  const { server, client } = await setUp(t);
  for await (const answer of client.streamInfer(longRequest(2_000), CALL)) if (answer) break;
  // The server counts no cancelled request of a decoupled model; the backend says so in its log.
  await until("the model stops", () => server.output.includes("[vllm] Cancelling the request"));
});

test("a server that shuts down finishes what it has begun, and takes nothing new", { skip }, async (t) => {
  const { server, client } = await setUp(t);
  const stream = longStream(client, 40);
  await until("the stream has begun", () => stream.parts.length > 0);
  const gone = server.kill("SIGTERM");
  await until("it takes nothing new", () =>
    client.infer(question("new"), CALL).then(
      () => false,
      (error: unknown) => because("unavailable", "model-unavailable")(error),
    ),
  );
  assert.equal(await stream.ended, 40);
  await client.close();
  await gone;
});

test("a server that dies in the middle is unavailable at once, and found when it is back", {
  skip,
}, async (t) => {
  const { server, client } = await setUp(t);
  const stream = longStream(client, 2_000);
  const failed = assert.rejects(stream.ended, because("unavailable"));
  await until("the stream has begun", () => stream.parts.length > 0);
  await server.kill("SIGKILL");
  await failed;
  await assert.rejects(client.infer(question("dead"), CALL), because("unavailable"));
  await server.restart();
  const answer = await until("it answers again", () =>
    client.infer(question("back"), CALL).catch(() => false),
  );
  assert.ok(answer);
});

test("a server that hangs costs the deadline and no more, and goes on where it was", { skip }, async (t) => {
  const { server, client } = await setUp(t);
  await client.infer(question("before"), CALL);
  await server.kill("SIGSTOP");
  const begunAtMs = performance.now();
  await assert.rejects(client.infer(question("hangs"), { deadlineMs: 200 }), because("deadline-exceeded"));
  const tookMs = performance.now() - begunAtMs;
  assert.ok(tookMs < 2_000, `${tookMs} ms`);
  await server.kill("SIGCONT");
  await until("it answers again", () =>
    client.infer(question("after"), { deadlineMs: 2_000 }).catch(() => false),
  );
});
