import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { DeadlineExceeded } from "@followspot/runtime";
import type { ModelInferRequest } from "@followspot/schema/inference/grpc_service";
import { until } from "@followspot/testkit";
import { FaultProxy } from "@followspot/testkit/fault-proxy";
import { ScriptedTriton, type ScriptedTritonOptions } from "@followspot/testkit/scripted-triton";
import { InferenceError, type InferenceErrorReason } from "./inference-error.ts";
import { parseScores } from "./scores-answer.ts";
import { scoresParts, scoresRequest } from "./scores-request.ts";
import { TritonClient, type TritonOptions } from "./triton-client.ts";

const CALL = { deadlineMs: 30_000 };
const jpeg = new Uint8Array(1_000);

async function setUp(
  t: TestContext,
  options: ScriptedTritonOptions & { client?: Partial<TritonOptions> } = {},
) {
  const triton = await ScriptedTriton.start(options);
  t.after(() => triton.close());
  const client = await TritonClient.connect({ address: triton.address, ...options.client });
  t.after(() => client.close());
  return { triton, model: triton.model, client };
}

function question(id = "q", image = jpeg): ModelInferRequest {
  return scoresRequest({ model: "understudy", id, jpeg: image, labels: ["wolf"] });
}

function because(reason: InferenceErrorReason) {
  return (error: unknown) => {
    assert.ok(error instanceof InferenceError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  };
}

test("a missed deadline ends the call here and at the server", async (t) => {
  const { triton, model, client } = await setUp(t);
  triton.misbehave("hang");
  await assert.rejects(client.infer(question(), { deadlineMs: 150 }), because("deadline-exceeded"));
  await until("the server saw the cancel", () => model.counts.cancelled === 1);
  assert.equal((await client.infer(question("next"), CALL)).id, "next");
});

test("an aborted signal ends the call here and at the server, in the line too", async (t) => {
  const { triton, model, client } = await setUp(t);
  triton.misbehave("slow", 2);
  model.slowMs = 60_000;
  const stop = new AbortController();
  const serving = client.infer(question("serving"), { ...CALL, signal: stop.signal });
  await until("one is served", () => model.counts.received === 1);
  const waiting = client.infer(question("waiting"), { ...CALL, signal: stop.signal });
  await until("one waits", () => model.waiting === 1);
  stop.abort(new Error("stopping"));
  await assert.rejects(serving, because("canceled"));
  await assert.rejects(waiting, because("canceled"));
  await until("the server saw both cancels", () => model.counts.cancelled === 2);
  assert.equal((await client.infer(question("next"), CALL)).id, "next");
});

test("a signal that is a deadline of its own is told apart from a stop", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("hang", 2);
  const own = new AbortController();
  const call = client.infer(question(), { ...CALL, signal: own.signal });
  own.abort(new DeadlineExceeded(10));
  await assert.rejects(call, because("deadline-exceeded"));
  const timeout = AbortSignal.timeout(1);
  await assert.rejects(client.infer(question(), { ...CALL, signal: timeout }), because("deadline-exceeded"));
});

test("a call that is late or aborted before it begins never reaches the server", async (t) => {
  const { model, client } = await setUp(t);
  await assert.rejects(client.infer(question(), { deadlineMs: 0 }), because("deadline-exceeded"));
  await assert.rejects(client.infer(question(), { deadlineMs: Number.NaN }), because("deadline-exceeded"));
  await assert.rejects(
    client.infer(question(), { ...CALL, signal: AbortSignal.abort() }),
    because("canceled"),
  );
  assert.equal(model.counts.received, 0);
});

test("UNAVAILABLE is tried again by the channel, for large pictures too", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("unavailable", 2);
  assert.equal((await client.infer(question("small"), CALL)).id, "small");
  triton.misbehave("unavailable", 2);
  const large = question("large", new Uint8Array(5 * 1024 * 1024));
  assert.equal((await client.infer(large, CALL)).id, "large");
});

test("many large pictures on the way at once are each answered", async (t) => {
  const { client } = await setUp(t, { models: [{ slots: 16 }] });
  const image = new Uint8Array(4 * 1024 * 1024);
  const ids = Array.from({ length: 16 }, (_, index) => String(index));
  const answers = await Promise.all(
    ids.map((id) =>
      client.infer(scoresParts({ model: "understudy", id, jpeg: image, labels: ["wolf"] }), CALL),
    ),
  );
  assert.deepEqual(
    answers.map(({ id }) => id),
    ids,
  );
});

test("what fails for another reason is tried once", async (t) => {
  const { triton, model, client } = await setUp(t);
  triton.misbehave("internal");
  await assert.rejects(client.infer(question(), CALL), because("failed"));
  assert.equal(model.counts.received, 0, "the second attempt would have been served");
});

test("tries end with the deadline, however long the server stays unavailable", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("unavailable", 100);
  const begunAtMs = performance.now();
  await assert.rejects(client.infer(question(), { deadlineMs: 10 }), InferenceError);
  assert.ok(performance.now() - begunAtMs < 5_000);
});

test("a server that was told to shut down is left, and what it carries is finished", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("goaway");
  assert.equal((await client.infer(question("carried"), CALL)).id, "carried");
  assert.equal((await client.infer(question("next"), CALL)).id, "next");
  await until("the old connection is gone", () => triton.connections === 1);
});

test("a connection that breaks in the middle of a call is unavailable, and the next call works", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("disconnect", 10);
  await assert.rejects(client.infer(question(), CALL), because("unavailable"));
  triton.behave();
  assert.equal((await client.infer(question("next"), CALL)).id, "next");
});

test("a server that is not there is unavailable, and found when it comes back", async (t) => {
  const { triton, client } = await setUp(t);
  assert.equal(await client.live(), true);
  await triton.stop();
  await assert.rejects(client.live(), because("unavailable"));
  await triton.start();
  await until("the server is found", () => client.live().catch(() => false));
});

test("a connection that went silent is replaced, which no keepalive is needed for", async (t) => {
  const { triton, model } = await setUp(t);
  const proxy = await FaultProxy.start({ port: triton.port });
  t.after(() => proxy.close());
  const client = await TritonClient.connect({ address: `grpc://127.0.0.1:${proxy.port}` });
  t.after(() => client.close());
  await client.infer(question(), CALL);
  await proxy.set("black-hole");
  await assert.rejects(client.infer(question(), { deadlineMs: 200 }), because("deadline-exceeded"));
  // A cable plugged in again: new connections pass. The old one has lost bytes and stays useless for ever.
  await proxy.set("pass");
  proxy.forget();
  await until(
    "a call is answered",
    () => client.infer(question(), { deadlineMs: 1_000 }).catch(() => undefined),
    30_000,
  );
  assert.ok(model.counts.answered >= 2);
});

test("a slow model is not taken for a dead connection", async (t) => {
  const { triton, model, client } = await setUp(t);
  triton.misbehave("hang", 3);
  for (let n = 0; n < 3; n++) {
    await assert.rejects(client.infer(question(), { deadlineMs: 50 }), because("deadline-exceeded"));
  }
  await until("the server saw the cancels", () => model.counts.cancelled === 3);
  assert.equal(await client.live(), true);
  assert.equal(triton.connections, 1);
});

test("an answer to somebody else's request is malformed", async (t) => {
  const { triton, client } = await setUp(t);
  triton.misbehave("wrong-id");
  await assert.rejects(client.infer(question(), CALL), because("malformed-answer"));
});

test("answers that overtake each other reach the calls they belong to", async (t) => {
  const { triton, model, client } = await setUp(t);
  triton.misbehave("out-of-order");
  const order: string[] = [];
  const ask = async (id: string) => order.push((await client.infer(question(id), CALL)).id);
  const first = ask("first");
  await until("the first is served", () => model.counts.answered === 1);
  await Promise.all([first, ask("second")]);
  assert.deepEqual(order, ["second", "first"]);
});

test("wrong tensors pass the client and are caught by the contract", async (t) => {
  const { triton, client } = await setUp(t);
  const wrongs = [
    "wrong-shape",
    "wrong-datatype",
    "missing-tensor",
    "truncated-tensor",
    "no-raw-contents",
    "nan-score",
    "foreign-label",
  ] as const;
  for (const wrong of wrongs) {
    triton.misbehave(wrong);
    const response = await client.infer(question(), CALL);
    assert.throws(() => parseScores(response, { asked: ["wolf"] }), because("malformed-answer"), wrong);
  }
});

test("a restricted protocol opens with its header only", async (t) => {
  const restrictedProtocol = { key: "admin", value: "s3cret" };
  const { triton, client } = await setUp(t, { restrictedProtocol });
  await assert.rejects(client.live(), because("unauthorized"));
  const permitted = await TritonClient.connect({ address: triton.address, restrictedProtocol });
  t.after(() => permitted.close());
  assert.equal(await permitted.live(), true);
});

test("closing ends running calls, later ones are refused, and closing again is nothing", async (t) => {
  const { triton, model, client } = await setUp(t);
  triton.misbehave("hang");
  const call = client.infer(question(), CALL);
  await until("the server has the call", () => model.counts.received === 1);
  await Promise.all([assert.rejects(call, because("canceled")), client.close()]);
  await assert.rejects(client.live(), because("canceled"));
  await client.close();
});
