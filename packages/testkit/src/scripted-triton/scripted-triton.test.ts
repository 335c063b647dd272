import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { scoresRequest, stringParameter, TritonClient } from "@followspot/triton";
import { until } from "../until.ts";
import type { ScriptedModelOptions } from "./scripted-model.ts";
import { ScriptedTriton } from "./scripted-triton.ts";

const CALL = { deadlineMs: 30_000 };

async function setUp(t: TestContext, options: ScriptedModelOptions = {}) {
  const triton = await ScriptedTriton.start({ models: [options] });
  t.after(() => triton.close());
  const client = await TritonClient.connect({ address: triton.address });
  t.after(() => client.close());
  const ask = (id: string) =>
    client.infer(
      scoresRequest({ model: triton.model.name, id, jpeg: Uint8Array.of(1), labels: ["wolf"] }),
      CALL,
    );
  return { triton, model: triton.model, client, ask };
}

test("beyond its slots a model makes requests wait, first in, first out, and says for how long", async (t) => {
  const { triton, model, ask } = await setUp(t, { slots: 2 });
  const busy: number[] = [];
  const served: string[] = [];
  model.serviceMs = ({ id }) => {
    served.push(id);
    busy.push(model.busy);
    return 20;
  };
  const asked = ["a", "b", "c", "d", "e", "f"];
  const calls: ReturnType<typeof ask>[] = [];
  for (const id of asked) {
    calls.push(ask(id));
    await until(`${id} arrived`, () => model.counts.received === calls.length);
  }
  const last = (await Promise.all(calls)).at(-1);
  assert.deepEqual(served, asked);
  assert.equal(Math.max(...busy), 2);
  assert.deepEqual([model.busy, model.waiting], [0, 0]);
  const modelMs = Number(last && stringParameter(last, "model_ms"));
  const serviceMs = Number(last && stringParameter(last, "service_ms"));
  assert.ok(serviceMs >= 18, `${serviceMs} ms of service`);
  assert.ok(modelMs >= serviceMs, `${modelMs} ms in the server, ${serviceMs} ms of them served`);
  assert.equal(triton.model.counts.answered, 6);
});

test("an outage cuts the connections, keeps the port, and ends", async (t) => {
  const { triton, client, ask } = await setUp(t);
  await ask("before");
  const { address } = triton;
  await triton.stop();
  await assert.rejects(client.live(), /unavailable/);
  await triton.start();
  assert.equal(triton.address, address);
  await until("it answers again", () => client.live().catch(() => false));
  await triton.start();
});

test("a stopped server ends what it was serving", async (t) => {
  const { triton, model, ask } = await setUp(t);
  triton.misbehave("hang");
  const call = ask("hanging");
  await until("it is being served", () => model.counts.received === 1);
  await Promise.all([assert.rejects(call, /unavailable/), triton.stop()]);
  await until("the model knows", () => model.counts.cancelled === 1);
});

test("the repository says what was loaded and unloaded", async (t) => {
  const { client } = await setUp(t);
  await client.unloadModel("understudy");
  const [model] = (await client.repositoryIndex()).models;
  assert.deepEqual([model?.name, model?.state, model?.reason], ["understudy", "UNAVAILABLE", "unloaded"]);
  assert.equal(await client.ready(), true);
  assert.equal(await client.modelReady("understudy"), false);
  await assert.rejects(client.statistics("understudy"), /requested model 'understudy' is not available/);
});
