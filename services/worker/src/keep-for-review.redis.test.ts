import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { redisForTests, until, withoutRedis } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { LivePath } from "./testdata/live-path.ts";
import { WorkerProcess } from "./testdata/worker-process.ts";

const skip = withoutRedis;
const PATIENCE_MS = 30_000;

async function setUp(context: TestContext, reviewDir: string) {
  const server = await redisForTests(context);
  const triton = await ScriptedTriton.start();
  context.after(() => triton.close());
  const path = await LivePath.open(context, server.url);
  triton.model.answer = ({ labels }) => ({ labels: labels.map((label) => ({ label, score: 0.5 })) });
  const worker = await WorkerProcess.start(context, {
    redisUrl: server.url,
    understudyUrl: triton.address,
    env: { REVIEW_DIR: reviewDir },
  });
  await until("it is ready", async () => (await worker.get("/health/ready")).status === 200, PATIENCE_MS);
  const counted = (text: string) =>
    until(text, async () => (await worker.get("/metrics")).body.includes(text), PATIENCE_MS);
  return { path, worker, counted };
}

test("a frame that the recognizer was unsure about lies in the review folder afterwards", {
  skip,
}, async (context) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-review-"));
  context.after(() => rm(dir, { recursive: true }));
  const { path, counted } = await setUp(context, dir);
  await path.send(
    "stage",
    await readFile(new URL("../../../shows/little-red-riding-hood/stage.jpg", import.meta.url)),
  );
  await counted('followspot_worker_review_frames_kept_total{reason="near-threshold"} 1');
  const [day = ""] = await readdir(dir);
  const files = await readdir(join(dir, day));
  assert.equal(files.filter((file) => file.endsWith(".jpg")).length, 1);
  const line = JSON.parse(await readFile(join(dir, day, "kept.jsonl"), "utf8")) as Record<string, unknown>;
  assert.deepEqual([line.camera, line.reason, line.confidence], ["stage", "near-threshold", 0.5]);
});

test("a review folder that cannot be written costs no observation", { skip }, async (context) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-review-"));
  context.after(() => rm(dir, { recursive: true }));
  const file = join(dir, "a-file");
  await writeFile(file, "");
  const { path, worker, counted } = await setUp(context, file);
  await path.send();
  await until("the frame is observed", () => path.observed.length === 1);
  await counted('followspot_worker_review_frames_not_kept_total{reason="disk"} 1');
  assert.match(worker.log, /frames cannot be kept for review/);
  await path.send();
  await until("the next frame is observed", () => path.observed.length === 2);
});
