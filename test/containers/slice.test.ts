import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { freePort } from "@followspot/redis-server";
import { until } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { GenericContainer, Wait } from "testcontainers";
import { LivePath } from "../../services/worker/src/testdata/live-path.ts";
import { CAST, WorkerProcess } from "../../services/worker/src/testdata/worker-process.ts";
import { withoutEngine } from "./container-engine.ts";

/** Any Redis or Valkey image, for example valkey/valkey:8. */
const IMAGE = process.env.FOLLOWSPOT_TEST_REDIS_IMAGE ?? "redis:7";
const REDIS_PORT = 6_379;
/** The image may have to be fetched. */
const START_DEADLINE_MS = 100_000;
const PATIENCE_MS = 30_000;

test(`the slice on ${IMAGE}: frames of two cameras become observations, the newest wins, also after a restart`, {
  skip: withoutEngine,
}, async (context) => {
  const redis = await startRedis(context);
  const triton = await ScriptedTriton.start();
  context.after(() => triton.close());
  const path = await LivePath.open(context, redis.url);
  const worker = await WorkerProcess.start(context, { redisUrl: redis.url, understudyUrl: triton.address });
  await until(
    "the worker is ready",
    async () => (await worker.get("/health/ready")).status === 200,
    PATIENCE_MS,
  );

  const [first, second] = [await path.send("stage"), await path.send("door")];
  await until("both cameras are observed", () => path.observed.length === 2, PATIENCE_MS);
  assert.deepEqual([path.sequences("stage"), path.sequences("door")], [[first], [second]]);
  assert.deepEqual(
    path.observed[0]?.labels.map(({ label }) => label),
    CAST,
  );

  // Slower than the camera: frames in between are passed over, the last one is not.
  triton.model.serviceMs = 60;
  let last = 0;
  for (let sent = 0; sent < 40; sent += 1) last = await path.send("stage");
  await until(
    "the last frame of the burst is observed",
    () => path.sequences("stage").at(-1) === last,
    PATIENCE_MS,
  );
  const sequences = path.sequences("stage");
  assert.ok(sequences.length < 41, `all ${sequences.length} frames were observed: nothing was passed over`);

  await redis.restart();
  await until(
    "observations go on",
    async () => {
      last = await path.send("stage").catch(() => 0);
      return path.observed.length > sequences.length + 5;
    },
    PATIENCE_MS,
  );
  const all = path.sequences("stage");
  assert.deepEqual(
    all,
    all.toSorted((a, b) => a - b),
  );
  assert.equal(new Set(all).size, all.length);
});

async function startRedis(context: TestContext) {
  // A port of our choice: an engine may give another one at a restart.
  const port = await freePort();
  const container = await new GenericContainer(IMAGE)
    .withExposedPorts({ container: REDIS_PORT, host: port })
    // Not its log: what was written before the engine's stream was opened, at a restart, never comes.
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(START_DEADLINE_MS)
    .start();
  context.after(() => container.stop());
  return {
    url: `redis://${container.getHost()}:${port}`,
    restart: () => container.restart({ timeout: 5 }),
  };
}
