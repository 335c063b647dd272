import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { storeModel } from "@followspot/recognition";
import { Closer, Metrics } from "@followspot/runtime";
import { silentLog, until } from "@followspot/testkit";
import { kserveSuite } from "@followspot/testkit/kserve-suite";
import { InferenceError, parseScores, scoresRequest, TritonClient } from "@followspot/triton";
import { KserveServer } from "./kserve-server.ts";
import { ModelRepository } from "./model-repository.ts";
import { RecognizerPool } from "./recognizer-pool.ts";
import { trainRedAndWolf } from "./testdata/red-and-wolf.ts";

/** A 96 x 72 JPEG, half red and half grey-green. */
const JPEG = Buffer.from(await readFile(new URL("./testdata/red-and-green.jpg", import.meta.url)));
const CALL = { deadlineMs: 30_000 };

async function start(options: { readonly trained?: boolean; readonly maxWaiting?: number } = {}) {
  const { trained = true, maxWaiting = 64 } = options;
  const closer = new Closer();
  const modelsDir = await mkdtemp(join(tmpdir(), "followspot-understudy-"));
  closer.add("folder", { close: () => rm(modelsDir, { recursive: true }) });
  const stored = trained ? await storeModel(modelsDir, await trainRedAndWolf()) : undefined;
  const metrics = new Metrics("understudy");
  const pool = closer.add("pool", new RecognizerPool({ threads: 1, maxWaiting, log: silentLog(), metrics }));
  const repository = new ModelRepository({ modelsDir, pool, log: silentLog() });
  if (trained) await repository.load();
  else await assert.rejects(repository.load());
  const server = closer.add(
    "server",
    await KserveServer.listen({ host: "127.0.0.1", port: 0, repository, pool, metrics }),
  );
  return {
    address: server.address,
    modelsDir,
    repository,
    pool,
    metrics,
    version: stored?.version,
    close: () => closer.close(),
  };
}

async function withClient(context: TestContext, options?: Parameters<typeof start>[0]) {
  const server = await start(options);
  const client = await TritonClient.connect({ address: server.address });
  context.after(async () => {
    await client.close();
    await server.close();
  });
  return { ...server, client, model: "understudy" };
}

const shared = await start();
kserveSuite("understudy", {
  contract: "scores",
  open: async () => ({ address: shared.address, model: "understudy", jpeg: JPEG }),
});
test.after(() => shared.close());

test("an answer has calibrated scores, a box where the label is, NaN where not, and names its model", async (context) => {
  const { client, model, version } = await withClient(context);
  const answer = parseScores(await client.infer(scoresRequest({ model, id: "1", jpeg: JPEG }), CALL));
  const [red, wolf] = answer.labels;
  assert.deepEqual([red?.label, wolf?.label], ["red", "wolf"]);
  assert.ok(red?.box && wolf, "red is seen");
  assert.ok(red.score > wolf.score, `red ${red.score}, wolf ${wolf.score}`);
  for (const { score } of answer.labels) assert.ok(score >= 0 && score <= 1);
  const middle = (red.box.left + red.box.right) / 2;
  assert.ok(
    middle < 60 && red.box.left >= 0 && red.box.right <= 96,
    `on the left: ${JSON.stringify(red.box)}`,
  );
  assert.ok(!wolf.box, "the wolf is not");
  assert.equal(answer.version, version);
  assert.ok((answer.modelMs ?? 0) > 0);
});

test("a folder without a model: live, not ready, and the refusal says what to do", async (context) => {
  const { client, model, modelsDir } = await withClient(context, { trained: false });
  assert.equal(await client.live(), true);
  assert.equal(await client.modelReady(model), false);
  await assert.rejects(client.infer(scoresRequest({ model, id: "1", jpeg: JPEG }), CALL), /followspot train/);
  const [entry] = (await client.repositoryIndex()).models;
  assert.equal(entry?.state, "UNAVAILABLE");
  assert.match(entry?.reason ?? "", /followspot train/);
  await storeModel(modelsDir, await trainRedAndWolf());
  await client.loadModel(model);
  assert.equal(await client.modelReady(model), true);
});

test("a load puts a newly trained model in force while requests go on", async (context) => {
  const { client, model, modelsDir, version } = await withClient(context);
  const versions = new Set<string | undefined>();
  let loaded = false;
  const asking = (async () => {
    for (let id = 0; !loaded || id < 5; id++) {
      const request = scoresRequest({ model, id: String(id), jpeg: JPEG });
      versions.add(parseScores(await client.infer(request, CALL)).version);
    }
  })();
  const next = await storeModel(modelsDir, await trainRedAndWolf(2));
  await client.loadModel(model);
  loaded = true;
  await asking;
  const last = parseScores(await client.infer(scoresRequest({ model, id: "last", jpeg: JPEG }), CALL));
  assert.equal(last.version, next.version);
  for (const seen of versions)
    assert.ok(seen === version || seen === next.version, `${seen} is one of the two`);
  assert.equal((await client.modelConfig(model)).parameters.version?.stringValue, next.version);
});

test("a damaged model is refused with its sentence, and the old one goes on", async (context) => {
  const { client, model, modelsDir, version } = await withClient(context);
  const next = await storeModel(modelsDir, await trainRedAndWolf(3));
  await writeFile(next.path, (await readFile(next.path)).subarray(0, 80));
  await assert.rejects(client.loadModel(model), /the model file is damaged/);
  const answer = parseScores(await client.infer(scoresRequest({ model, id: "1", jpeg: JPEG }), CALL));
  assert.equal(answer.version, version);
});

test("what is no picture is the sender's fault, in one sentence", async (context) => {
  const { client, model } = await withClient(context);
  for (const bytes of [Buffer.from("no picture"), JPEG.subarray(0, JPEG.length >> 1), Buffer.alloc(0)]) {
    await assert.rejects(
      client.infer(scoresRequest({ model, id: "1", jpeg: bytes }), CALL),
      (error: unknown) => {
        assert.ok(error instanceof InferenceError);
        assert.equal(error.reason, "rejected");
        assert.match(error.message, /the picture/);
        return true;
      },
    );
  }
});

test("when the line is full, the picture that waited longest gives way to the newest", async (context) => {
  const { client, model, metrics } = await withClient(context, { maxWaiting: 1 });
  const answers = await Promise.allSettled(
    Array.from({ length: 12 }, (_, id) =>
      client.infer(scoresRequest({ model, id: String(id), jpeg: JPEG }), CALL),
    ),
  );
  const refused = answers.flatMap((answer) =>
    answer.status === "rejected" ? [answer.reason as InferenceError] : [],
  );
  assert.ok(refused.length > 0 && refused.length < 12, `${refused.length} of 12 gave way`);
  for (const error of refused) assert.equal(error.reason, "overloaded");
  assert.equal(answers.at(-1)?.status, "fulfilled", "the newest is answered");
  const text = await metrics.registry.metrics();
  assert.match(text, new RegExp(`dropped_total\\{reason="overloaded"\\} ${refused.length}`));
});

test("a call that was cancelled while it waited is not looked at", async (context) => {
  const { client, model, pool } = await withClient(context);
  const giveUp = new AbortController();
  const calls = Array.from({ length: 20 }, (_, id) =>
    client.infer(scoresRequest({ model, id: String(id), jpeg: JPEG }), { ...CALL, signal: giveUp.signal }),
  );
  const settled = Promise.allSettled(calls);
  giveUp.abort();
  await settled;
  await until("nothing waits", () => pool.waiting === 0);
  await client.infer(scoresRequest({ model, id: "next", jpeg: JPEG }), CALL);
});
