import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { create, fromBinary } from "@bufbuild/protobuf";
import { FramePublisher } from "@followspot/frames";
import { freePort } from "@followspot/redis-server";
import { FrameHeaderSchema, FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { redisForTests, silentLog, until, withoutRedis } from "@followspot/testkit";
import { WebSocket } from "ws";

const SLOW_MACHINE_MS = 30_000;

test("pictures go from Redis to a page, stop with Redis and come again with it", {
  skip: withoutRedis,
}, async (t) => {
  const redis = await redisForTests(t);
  const dir = await mkdtemp(join(tmpdir(), "followspot-console-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  await writeFile(
    join(dir, "show.yaml"),
    "id: s\nname: S\ncast: [{ id: red, kind: character, name: Red }]\ncameras: [{ id: stage, source: 'push:' }]\n",
  );
  const port = await freePort();
  const service = fork(fileURLToPath(new URL("main.ts", import.meta.url)), {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    env: {
      ...process.env,
      REDIS_URL: redis.url,
      FOLLOWSPOT_SHOW: dir,
      PORT: String(port),
      LOG_LEVEL: "silent",
    },
  });
  t.after(() => service.kill("SIGKILL"));
  await once(service, "message");
  const publisher = await FramePublisher.connect({ redisUrl: redis.url, showId: "s", log: silentLog() });
  t.after(() => publisher.close());

  const got: number[] = [];
  const page = new WebSocket(`ws://127.0.0.1:${port}/pictures`);
  page.on("message", (data: Buffer, isBinary: boolean) => {
    if (!isBinary) return;
    got.push(fromBinary(FrameSchema, data).header?.stamp?.sequence ?? 0);
    page.send("stage");
  });
  const run = await publisher.openCamera("stage");
  let sequence = 0;
  const arrives = async () => {
    sequence += 1;
    const stamp = { cameraId: "stage", run, sequence, capturedAtMs: Date.now() };
    await publisher.publish(create(FrameHeaderSchema, { stamp }), new Uint8Array([1])).catch(() => {});
    return got.length > 0;
  };
  const ready = async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status;
  await until("the first picture arrives", arrives, SLOW_MACHINE_MS);
  assert.equal(await ready(), 200);

  await redis.kill();
  await until("the console is not ready", async () => (await ready()) === 503, SLOW_MACHINE_MS);
  assert.equal((await fetch(`http://127.0.0.1:${port}/health/live`)).status, 200, "a restart would not help");
  await redis.restart();
  got.length = 0;
  await until("pictures arrive again", arrives, SLOW_MACHINE_MS);
  const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.match(
    metrics,
    /followspot_console_pictures_dropped_total\{camera="stage",reason="read-failed"\} [1-9]/,
  );
  assert.match(metrics, /followspot_console_pages 1/);

  const ended = once(service, "exit");
  service.kill("SIGTERM");
  assert.deepEqual(await ended, [0, null]);
});
