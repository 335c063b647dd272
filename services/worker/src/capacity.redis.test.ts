import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { redisForTests, until, withoutRedis } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { LivePath } from "./testdata/live-path.ts";
import { WorkerProcess } from "./testdata/worker-process.ts";

const skip = withoutRedis;
/** Starting a process on a busy machine takes its time. */
const PATIENCE_MS = 30_000;
/** Longer than the test takes: the model works on what it was given and finishes nothing. */
const FOR_EVER_MS = 20_000;
const INSTANCES = 3;
const CAMERAS = ["a", "b", "c", "d", "e", "f"];

/** How many frames the model has at once, once all cameras have sent and nothing moves any more. */
async function framesAtTheModel(context: TestContext, env: Record<string, string> = {}): Promise<number> {
  const server = await redisForTests(context);
  const triton = await ScriptedTriton.start({ models: [{ slots: INSTANCES, serviceMs: FOR_EVER_MS }] });
  context.after(() => triton.close());
  const path = await LivePath.open(context, server.url);
  const worker = await WorkerProcess.start(context, {
    redisUrl: server.url,
    understudyUrl: triton.address,
    env: { DRAIN_MS: "1", ...env },
  });
  await until("it is ready", async () => (await worker.get("/health/ready")).status === 200, PATIENCE_MS);
  for (const camera of CAMERAS) await path.send(camera);
  const { counts } = triton.model;
  let last = -1;
  await until("no more frames come", async () => {
    const before = last;
    last = counts.received;
    if (last === 0 || last !== before) await new Promise((resolve) => setTimeout(resolve, 500));
    return last > 0 && last === before;
  });
  return counts.received;
}

test("as many frames are in work as the model server works on at once", { skip }, async (context) => {
  assert.equal(await framesAtTheModel(context), INSTANCES);
});

test("who shares the server between workers says how many", { skip }, async (context) => {
  assert.equal(await framesAtTheModel(context, { FRAME_CONCURRENCY: "2" }), 2);
});
