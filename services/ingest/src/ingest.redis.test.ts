import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { CameraStatusBoard, FrameReader } from "@followspot/frames";
import { freePort, type PrivateRedis } from "@followspot/redis-server";
import { redisForTests, silentLog, until, withoutRedis } from "@followspot/testkit";
import { State } from "./camera-state.ts";
import { stagePicture, walkingPictures } from "./testing/test-pictures.ts";

const needsRedis = { skip: withoutRedis };
const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
/** Two processes start, on a machine that may be busy. */
const WITHIN_MS = 60_000;

const SHOW = `id: tale
name: A tale
cast: [{ id: fox, kind: character, name: Fox }]
cameras:
  - { id: stage, source: "sample:", width: 320, fps: 5 }
  - { id: phone, source: "push:", fps: 30, floorFps: 30 }
`;

/** The service as a process of its own, on a show of two cameras. */
async function startIngest(context: TestContext, redis: PrivateRedis) {
  const dir = await mkdtemp(join(tmpdir(), "followspot-ingest-"));
  await writeFile(join(dir, "show.yaml"), SHOW);
  const port = await freePort();
  const child = spawn(process.execPath, [MAIN], {
    env: {
      ...process.env,
      REDIS_URL: redis.url,
      FOLLOWSPOT_SHOW: dir,
      PORT: String(port),
      LOG_LEVEL: "warn",
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
  });
  context.after(async () => {
    child.kill("SIGKILL");
    await ended(child);
    await rm(dir, { recursive: true });
  });
  const at = `http://127.0.0.1:${port}`;
  const push = async (bytes: Buffer) =>
    (await fetch(`${at}/cameras/phone/frames`, { method: "POST", body: new Uint8Array(bytes) })).status;
  const listening = () =>
    until(
      "ingest listens",
      () =>
        fetch(`${at}/health/live`).then(
          (r) => r.ok,
          () => false,
        ),
      WITHIN_MS,
    );
  await listening().catch((cause: unknown) => {
    throw new Error(`ingest did not start:\n${log}`, { cause });
  });
  return { child, at, push, log: () => log };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}

/** Processes that play the sample show for `parent`, even when it is gone. */
function players(): number {
  return execFileSync("ps", ["-eo", "args"])
    .toString()
    .split("\n")
    .filter((line) => /sample-player\.ts .*"width":320/.test(line)).length;
}

test(
  "the sample show and pushed pictures reach Redis, and ingest leaves nothing behind, even killed",
  needsRedis,
  async (t) => {
    const redis = await redisForTests(t);
    const options = { redisUrl: redis.url, showId: "tale", log: silentLog() };
    const reader = await FrameReader.connect(options);
    const board = await CameraStatusBoard.connect(options);
    t.after(() => Promise.all([reader.close(), board.close()]));
    const { child, push } = await startIngest(t, redis);

    const frame = await until("the sample show is on the wire", () => reader.newest("stage"), WITHIN_MS);
    assert.deepEqual([frame.header?.width, frame.header?.height, frame.header?.stamp?.run], [320, 180, 1]);
    await until("a pushed picture is on the wire", async () => {
      assert.equal(await push(await stagePicture(Math.random())), 202);
      return await reader.newest("phone");
    });
    const stage = await until("the stage is reported live", async () => {
      const status = (await board.readAll()).find(({ cameraId }) => cameraId === "stage");
      return status?.state === State.LIVE && status.sent > 0 && status;
    });
    assert.ok(stage.newestFrameAtMs > 0);
    assert.equal(stage.source, "sample:");

    child.kill("SIGKILL");
    await ended(child);
    await until("the player is gone", () => players() === 0);
  },
);

test(
  "while Redis hangs or is gone pictures are dropped and counted; all goes on when it is back",
  needsRedis,
  async (t) => {
    const redis = await redisForTests(t);
    const options = { redisUrl: redis.url, showId: "tale", log: silentLog() };
    const reader = await FrameReader.connect(options);
    t.after(() => reader.close());
    const { at, push } = await startIngest(t, redis);
    const pictures = await walkingPictures(20);
    let step = 0;
    const pushNext = () => push(pictures[step++ % pictures.length] as Buffer);
    const ready = async () => (await fetch(`${at}/health/ready`)).ok;
    await until("a push is taken", async () => (await pushNext()) === 202 && (await ready()), WITHIN_MS);

    redis.pause();
    await until("a push is refused while Redis hangs", async () => (await pushNext()) === 503);
    redis.resume();
    await until("a push is taken again", async () => (await pushNext()) === 202 && (await ready()));

    await redis.kill();
    await until(
      "a push is refused while Redis is gone",
      async () => (await pushNext()) === 503 && !(await ready()),
    );
    await redis.restart();
    await until("frames are there again", async () => {
      await pushNext();
      return await reader.newest("phone").catch(() => undefined);
    });
    const metrics = await (await fetch(`${at}/metrics`)).text();
    assert.match(metrics, /pictures_dropped_total\{camera="phone",reason="redis-unavailable"\} [1-9]/);
  },
);

test("ingest starts without Redis, says so, and begins to send when Redis comes", needsRedis, async (t) => {
  const redis = await redisForTests(t);
  await redis.kill();
  const { push, log, child } = await startIngest(t, redis);
  assert.equal(await push(await stagePicture(0)), 503);
  await until("it says what it waits for", () => log().includes("waiting for redis"));
  await redis.restart();
  await until(
    "a push is taken",
    async () => (await push(await stagePicture(Math.random()))) === 202,
    WITHIN_MS,
  );
  child.kill("SIGTERM");
  await ended(child);
  assert.equal(child.exitCode, 0);
});
