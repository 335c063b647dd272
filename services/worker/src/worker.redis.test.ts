import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { ObservationPublisher, WorkerStatusBoard } from "@followspot/observations";
import { RedisConnection } from "@followspot/runtime";
import type { FrameStamp } from "@followspot/schema/followspot/v1/frame";
import { ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import { redisForTests, silentLog, until, withoutRedis } from "@followspot/testkit";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { LivePath } from "./testdata/live-path.ts";
import { CAST, SHOW, WorkerProcess } from "./testdata/worker-process.ts";

const skip = withoutRedis;
/** Starting a process on a busy machine takes its time. */
const PATIENCE_MS = 30_000;

async function setUp(context: TestContext, env: Record<string, string> = {}) {
  const server = await redisForTests(context, { appendOnly: true });
  const triton = await ScriptedTriton.start();
  context.after(() => triton.close());
  const path = await LivePath.open(context, server.url);
  const worker = await WorkerProcess.start(context, {
    redisUrl: server.url,
    understudyUrl: triton.address,
    env,
  });
  const board = await WorkerStatusBoard.connect({ redisUrl: server.url, showId: SHOW, log: silentLog() });
  context.after(() => board.close());
  const ready = () =>
    until("it is ready", async () => (await worker.get("/health/ready")).status === 200, PATIENCE_MS);
  return { server, triton, path, worker, board, ready };
}

test("a frame becomes an observation that says who saw what, when, and how well", {
  skip,
}, async (context) => {
  const { triton, path, ready } = await setUp(context);
  triton.model.answer = ({ labels }) => ({
    labels: labels.map((label) => ({ label, score: label === "wolf" ? 0.75 : 0.25 })),
  });
  await ready();
  await path.send();
  await until("it is observed", () => path.observed.length === 1);

  const [seen] = path.observed;
  assert.ok(seen?.frame);
  assert.deepEqual(
    seen.labels.map(({ label, score }) => [label, score]),
    [
      ["wolf", 0.75],
      ["hood", 0.25],
    ],
  );
  assert.deepEqual(
    CAST,
    seen.labels.map(({ label }) => label),
  );
  assert.equal(seen.recognizer?.rung, "understudy");
  assert.equal(seen.recognizer?.version, "v1");
  assert.equal(seen.light, 0.5);
  assert.deepEqual([seen.width, seen.height], [640, 480]);
  // One clock: the order of things holds across processes (but for the error of its measurement).
  assert.ok(seen.askedAtMs > seen.frame.capturedAtMs - 50);
  assert.ok(seen.answeredAtMs >= seen.askedAtMs);
  assert.match(seen.workerId, /-\d+$/);
});

test("while the recognizer is away the worker says so, drops by reason, and goes on once it is back", {
  skip,
}, async (context) => {
  const { triton, path, worker, board, ready } = await setUp(context);
  await ready();
  await path.send();
  await until("the first frame is observed", () => path.observed.length === 1);

  await triton.stop();
  await until("it says what it waits for", async () => {
    await path.send();
    const [status] = await board.readAll();
    return status?.state === "waiting-for-recognizer" && (status.dropped["recognizer-unavailable"] ?? 0) > 1;
  });
  assert.equal((await worker.get("/health/ready")).status, 503);
  assert.equal((await worker.get("/health/live")).status, 200);
  assert.match(
    (await worker.get("/metrics")).body,
    /frames_dropped_total\{reason="recognizer-unavailable"\} [1-9]/,
  );

  await triton.start();
  const before = path.observed.length;
  await until("it observes again", async () => {
    await path.send();
    return path.observed.length > before;
  });
  await until("it says that it is ready", async () => (await board.readAll())[0]?.state === "ready");
});

test("a recognizer that answers nonsense or fails costs that frame only", { skip }, async (context) => {
  const { triton, path, worker, ready } = await setUp(context);
  await ready();
  const wrongs = { "nan-score": "malformed-answer", internal: "failed" } as const;
  for (const [wrong, reason] of Object.entries(wrongs)) {
    triton.misbehave(wrong as keyof typeof wrongs);
    await path.send();
    const counted = `frames_dropped_total{reason="${reason}"} 1`;
    await until(`"${reason}" is counted`, async () => (await worker.get("/metrics")).body.includes(counted));
    const good = await path.send();
    await until("the next frame is observed", () => path.sequences().at(-1) === good);
  }
});

test("SIGTERM lets the frame in work be published, takes no other, and leaves", { skip }, async (context) => {
  const { triton, path, worker, board, ready } = await setUp(context, { DRAIN_MS: "15000" });
  await ready();
  const asked = Promise.withResolvers<void>();
  triton.model.serviceMs = () => {
    asked.resolve();
    return 1_000;
  };
  const inWork = await path.send();
  await asked.promise;
  worker.child.kill("SIGTERM");
  await until("it says that it stops", async () => (await board.readAll())[0]?.state === "stopping");
  await path.send();
  assert.equal(await worker.exited, 0);
  await until("the frame in work is there", () => path.observed.length === 1);
  assert.deepEqual(path.sequences(), [inWork]);
  assert.deepEqual(await board.readAll(), []);
});

test("a worker that was frozen in the middle of a frame finishes late and is refused by the fence", {
  skip,
}, async (context) => {
  const { server, triton, path, worker: ghost, ready } = await setUp(context);
  const publisher = await ObservationPublisher.connect({
    redisUrl: server.url,
    showId: SHOW,
    log: silentLog(),
  });
  context.after(() => publisher.close());
  await ready();
  const { stamp } = await freezeInWork({ triton, path, ghost });
  // Frozen for as long as one append takes, far less than its token's lock: nothing but the fence can refuse it. The
  // observation is what another worker would say of the camera's next frame; to start one takes longer than the lock.
  const newer = create(ObservationSchema, { frame: { ...stamp, sequence: stamp.sequence + 1 } });
  assert.equal(await publisher.publish(newer), "published");
  ghost.child.kill("SIGCONT");
  await until("the ghost is refused", async () => (await dropped(ghost, "fenced")) === 1);
  assert.deepEqual(path.sequences(), [stamp.sequence + 1]);
});

test("a worker that was frozen until its token went to another one publishes nothing", {
  skip,
}, async (context) => {
  const { server, triton, path, worker: ghost, ready } = await setUp(context);
  const connection = await RedisConnection.connect(server.url, "live", silentLog());
  context.after(() => connection.close());
  await ready();
  const { stamp } = await freezeInWork({ triton, path, ghost });
  const other = await WorkerProcess.start(context, { redisUrl: server.url, understudyUrl: triton.address });
  await until(
    "a newer frame is observed",
    async () => {
      await path.send();
      return path.observed.length > 0;
    },
    PATIENCE_MS,
  );
  await until(
    "the ghost's lock has run out and its token is done",
    async () => (await connection.client.keys("*:lock")).length === 0,
    PATIENCE_MS,
  );
  ghost.child.kill("SIGCONT");
  // Awake it either hears of its lost lock first, or has its answer first and meets the fence.
  await until(
    "the ghost gives up",
    async () => (await dropped(ghost, "canceled")) + (await dropped(ghost, "fenced")) === 1,
  );
  const last = await path.send();
  await until("the show goes on", () => path.sequences().at(-1) === last);
  assert.ok(!path.sequences().includes(stamp.sequence));
  assertRising(path.sequences());
  assert.equal((await other.get("/health/live")).status, 200);
});

test("Redis dies for 3 s: what was published is there once and in order, and the worker goes on", {
  skip,
}, async (context) => {
  const { server, path, worker, ready } = await setUp(context);
  await ready();
  await until("20 frames are observed", async () => {
    await path.send();
    return path.observed.length >= 20;
  });
  await server.kill();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await server.restart();
  const before = path.sequences().length;
  await until("20 more are observed", async () => {
    await path.send().catch(() => {});
    return path.observed.length >= before + 20;
  });
  assertRising(path.sequences());
  assert.equal(new Set(path.ids).size, path.ids.length);
  assert.equal((await worker.get("/health/live")).status, 200);
});

test("Redis hangs: nothing is lost in order, and the worker goes on", { skip }, async (context) => {
  const { server, path, ready } = await setUp(context);
  await ready();
  await path.send();
  await until("a frame is observed", () => path.observed.length === 1);
  server.pause();
  await assert.rejects(path.send(), { reason: "redis-unavailable" });
  await new Promise((resolve) => setTimeout(resolve, 4_000));
  await assert.rejects(path.send(), { reason: "redis-unavailable" });
  server.resume();
  const before = path.observed.length;
  await until("it observes again", async () => {
    await path.send().catch(() => {});
    return path.observed.length > before + 5;
  });
  assertRising(path.sequences());
});

test("bad settings are named and end it with 2", { skip }, async (context) => {
  const server = await redisForTests(context);
  await assert.rejects(
    WorkerProcess.start(context, {
      redisUrl: server.url,
      understudyUrl: "grpc://127.0.0.1:1",
      env: { FRAME_CONCURRENCY: "none" },
    }),
    /FRAME_CONCURRENCY/,
  );
});

/** Stops a worker's process while the recognizer works on a frame of its; the answer comes when it sleeps. */
async function freezeInWork({
  triton,
  path,
  ghost,
}: {
  readonly triton: ScriptedTriton;
  readonly path: LivePath;
  readonly ghost: WorkerProcess;
}): Promise<{ readonly stamp: FrameStamp }> {
  const asked = Promise.withResolvers<void>();
  triton.model.serviceMs = () => {
    asked.resolve();
    return 200;
  };
  const stamp = await path.sendStamped();
  await asked.promise;
  ghost.child.kill("SIGSTOP");
  return { stamp };
}

async function dropped(worker: WorkerProcess, reason: string): Promise<number> {
  const { body } = await worker.get("/metrics");
  return Number(new RegExp(`frames_dropped_total\\{reason="${reason}"\\} (\\d+)`).exec(body)?.[1] ?? 0);
}

function assertRising(sequences: readonly number[]): void {
  for (const [index, sequence] of sequences.entries()) {
    assert.ok(
      index === 0 || sequence > (sequences[index - 1] ?? 0),
      `${sequence} came after ${sequences[index - 1]}`,
    );
  }
}
