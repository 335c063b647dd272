import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { until } from "@followspot/testkit";
import { ScriptedTriton, type ScriptedTritonOptions } from "@followspot/testkit/scripted-triton";
import { InferenceError, type InferenceErrorReason } from "./inference-error.ts";
import type { ModelReport } from "./model-watch.ts";
import { ScoresRecognizer } from "./scores-recognizer.ts";
import { TritonClient } from "./triton-client.ts";

const question = { jpeg: Uint8Array.of(1, 2, 3), labels: ["wolf", "hood"], deadlineMs: 30_000 };
const soon = () => AbortSignal.timeout(30_000);

async function setUp(
  t: TestContext,
  options: ScriptedTritonOptions & { model?: string; absent?: true } = {},
) {
  const triton = await ScriptedTriton.start(options);
  t.after(() => triton.close());
  if (options.absent) await triton.stop();
  const client = await TritonClient.connect({ address: triton.address });
  t.after(() => client.close());
  const reports: ModelReport[] = [];
  const recognizer = await ScoresRecognizer.connect({
    client,
    model: options.model ?? "understudy",
    onReport: (report) => reports.push(report),
  });
  t.after(() => recognizer.close());
  return { triton, model: triton.model, recognizer, reports };
}

function because(reason: InferenceErrorReason) {
  return (error: unknown) => {
    assert.ok(error instanceof InferenceError, String(error));
    assert.equal(error.reason, reason, error.message);
    return true;
  };
}

test("a picture becomes scores, with who gave them and how long it took", async (t) => {
  const { model, recognizer } = await setUp(t);
  const asked: unknown[] = [];
  model.answer = ({ image, labels, prompt }) => {
    asked.push([[...image], labels, prompt]);
    return {
      labels: [
        { label: "wolf", score: 0.75, raw: 4, box: [1, 2, 3, 4] },
        { label: "hood", score: 0 },
      ],
      unknown: 0.5,
    };
  };
  const identity = await recognizer.waitUntilReady(soon());
  assert.deepEqual(identity, {
    name: "understudy",
    version: "v1",
    accuracy: 0.9,
    rung: "understudy",
    instances: 1,
  });
  const { callMs, modelMs = NaN, ...rest } = await recognizer.recognize({ ...question, prompt: "Who?" });
  assert.deepEqual(asked, [[[1, 2, 3], ["wolf", "hood"], "Who?"]]);
  assert.deepEqual(rest, {
    labels: [
      { label: "wolf", score: 0.75, raw: 4, box: { left: 1, top: 2, right: 3, bottom: 4 } },
      { label: "hood", score: 0, raw: 0 },
    ],
    unknown: 0.5,
    version: "v1",
    recognizer: identity,
  });
  assert.ok(modelMs >= 0 && modelMs <= callMs);
});

test("a server that is absent at the start is waited for, and so is one that goes and comes back", async (t) => {
  const { triton, recognizer, reports } = await setUp(t, { absent: true });
  await until("the absence is reported", () =>
    reports.at(-1)?.detail.startsWith("no model server answers at grpc://"),
  );
  await assert.rejects(recognizer.recognize(question), because("unavailable"));
  await triton.start();
  await recognizer.waitUntilReady(soon());
  await recognizer.recognize(question);
  await triton.stop();
  await assert.rejects(recognizer.recognize(question), because("unavailable"));
  await triton.start();
  await recognizer.waitUntilReady(soon());
  await recognizer.recognize(question);
  assert.deepEqual(
    reports.map(({ state }) => state),
    ["waiting", "ready", "waiting", "ready"],
  );
});

test("a model that is loading or unloaded is waited for", async (t) => {
  const { model, recognizer, reports } = await setUp(t);
  await recognizer.waitUntilReady(soon());
  model.state = "LOADING";
  await assert.rejects(recognizer.recognize(question), because("model-unavailable"));
  assert.match(reports.at(-1)?.detail ?? "", /has no model "understudy" ready/);
  model.state = "READY";
  await recognizer.waitUntilReady(soon());
  await recognizer.recognize(question);
});

test("an answer of a reloaded model carries the new identity", async (t) => {
  const { model, recognizer } = await setUp(t);
  await recognizer.waitUntilReady(soon());
  await recognizer.recognize(question);
  Object.assign(model, { version: "v2", accuracy: 0.95 });
  const answers = await Promise.all([recognizer.recognize(question), recognizer.recognize(question)]);
  for (const { version, recognizer: identity } of answers) {
    assert.equal(version, "v2");
    assert.equal(identity.accuracy, 0.95);
  }
  assert.equal(recognizer.report.identity?.version, "v2");
});

test("a reload to something that has no readable identity keeps the answer but vouches for nothing", async (t) => {
  const { model, recognizer } = await setUp(t);
  await recognizer.waitUntilReady(soon());
  Object.assign(model, { version: "v2", rung: "nonsense" });
  const { recognizer: identity } = await recognizer.recognize(question);
  assert.deepEqual(identity, {
    name: "understudy",
    version: "v2",
    accuracy: 0,
    rung: "understudy",
    instances: 1,
  });
});

test("a server whose answers name no version is asked now and then, so a reload is noticed there too", async (t) => {
  const now = performance.now.bind(performance);
  let laterMs = 0;
  t.mock.method(performance, "now", () => now() + laterMs);
  const { model, recognizer } = await setUp(t);
  model.parametersOf = () => ({});
  await recognizer.waitUntilReady(soon());
  assert.equal((await recognizer.recognize(question)).version, "v1");
  Object.assign(model, { version: "v2" });
  laterMs = 60_000;
  await recognizer.recognize(question);
  await until("the reload is noticed", () => recognizer.report.identity?.version === "v2");
  assert.equal((await recognizer.recognize(question)).version, "v2");
});

test("a model of the vllm contract is refused in a clear sentence, and taken once it was exchanged", async (t) => {
  const { triton, recognizer, reports } = await setUp(t, {
    models: [{ name: "qwen2_vl", contract: "vllm" }],
    model: "qwen2_vl",
  });
  const message =
    '[unsupported-model] model "qwen2_vl" speaks the vllm contract, which this version cannot use as a recognizer yet';
  await assert.rejects(recognizer.waitUntilReady(soon()), { message });
  await assert.rejects(recognizer.recognize(question), because("unsupported-model"));
  assert.equal(reports.at(-1)?.state, "unusable");
  triton.install({ name: "qwen2_vl", rung: "qwen2-vl" });
  await until("the model is taken", () => recognizer.report.state === "ready");
  assert.equal((await recognizer.recognize(question)).recognizer.rung, "qwen2-vl");
});

test("a model that was exchanged for one of another contract while in use becomes unusable", async (t) => {
  const { triton, recognizer } = await setUp(t);
  await recognizer.waitUntilReady(soon());
  triton.install({ contract: "vllm" });
  await assert.rejects(recognizer.recognize(question), because("rejected"));
  await until("the exchange is noticed", async () => {
    await assert.rejects(recognizer.recognize(question), InferenceError);
    return recognizer.report.state === "unusable";
  });
});

test("a malformed answer is refused, and the next good one is taken", async (t) => {
  const { triton, recognizer } = await setUp(t);
  await recognizer.waitUntilReady(soon());
  triton.misbehave("foreign-label");
  await assert.rejects(recognizer.recognize(question), because("malformed-answer"));
  assert.equal((await recognizer.recognize(question)).labels.length, 2);
});

test("an answer in a way of its own makes one look whether the model is still the same", async (t) => {
  const now = performance.now.bind(performance);
  let laterMs = 0;
  t.mock.method(performance, "now", () => now() + laterMs);
  const { triton, model, recognizer } = await setUp(t);
  await recognizer.waitUntilReady(soon());
  Object.assign(model, { version: "v2" });
  laterMs = 60_000;
  triton.misbehave("foreign-label");
  await assert.rejects(recognizer.recognize(question), because("malformed-answer"));
  await until("the exchange is noticed", () => recognizer.report.identity?.version === "v2");
});

test("waiting ends with its signal, and with closing", async (t) => {
  const { recognizer } = await setUp(t, { absent: true });
  const stop = new AbortController();
  const stopped = recognizer.waitUntilReady(stop.signal);
  stop.abort();
  await assert.rejects(stopped, because("canceled"));
  const closed = recognizer.waitUntilReady(soon());
  await Promise.all([assert.rejects(closed, because("canceled")), recognizer.close()]);
  await recognizer.close();
});
