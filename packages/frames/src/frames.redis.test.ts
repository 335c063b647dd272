import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import type { PrivateRedis } from "@followspot/redis-server";
import { ProgressWatchdog } from "@followspot/runtime";
import { redisForTests, silentLog, until, withoutRedis } from "@followspot/testkit";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { FramePublisher, FrameReader, MAX_FRAME_BYTES } from "./index.ts";
import { newestFrameKey, QUEUE_NAME, queuePrefix, TOKEN_TTL_MS } from "./keys.ts";
import { consumer, header, JPEG, SHOW } from "./testdata/frames-for-tests.ts";

const skip = withoutRedis;
/** These tests must not depend on how fast this machine is. */
const KEEP_MS = 60_000;

async function setUp(context: TestContext) {
  const server = await redisForTests(context);
  const client = new Redis(server.url, { maxRetriesPerRequest: null });
  client.on("error", () => {});
  const publisher = await FramePublisher.connect({
    redisUrl: server.url,
    showId: SHOW,
    log: silentLog(),
    frameKeepMs: KEEP_MS,
  });
  context.after(async () => {
    await publisher.close();
    client.disconnect();
  });
  return { server, client, publisher };
}

function waitingTokens(client: Redis): Promise<number> {
  return client.llen(`${queuePrefix(SHOW)}:${QUEUE_NAME}:wait`);
}

test("a frame reaches a worker, bytes and header unharmed", { skip }, async (context) => {
  const { server, publisher } = await setUp(context);
  const received = Promise.withResolvers<{ jpeg: Uint8Array; sequence: number | undefined }>();
  const { frames } = consumer(server.url, async (frame) => {
    received.resolve({ jpeg: frame.jpeg, sequence: frame.header?.stamp?.sequence });
  });
  context.after(() => frames.close());

  await publisher.publish(header(1), JPEG);

  const { jpeg, sequence } = await received.promise;
  assert.deepEqual(Buffer.from(jpeg), JPEG);
  assert.equal(sequence, 1);
});

test("while a token waits only the newest frame is kept", { skip }, async (context) => {
  const { server, client, publisher } = await setUp(context);
  for (let sequence = 1; sequence <= 5; sequence += 1) await publisher.publish(header(sequence), JPEG);
  assert.equal(await waitingTokens(client), 1);

  const seen: (number | undefined)[] = [];
  const { frames } = consumer(server.url, async (frame) => void seen.push(frame.header?.stamp?.sequence));
  context.after(() => frames.close());

  await until("a frame is taken", () => seen.length > 0);
  assert.deepEqual(seen, [5]);
});

test("tokens do not pile up where nobody takes them, and the last frame still gets its turn", {
  skip,
}, async (context) => {
  const { server, client, publisher } = await setUp(context);
  const startedMs = performance.now();
  let sequence = 0;
  // Longer than the deduplication key lives, three times over.
  await until("the key has expired three times", async () => {
    await publisher.publish(header(++sequence), JPEG);
    return performance.now() - startedMs > 3 * TOKEN_TTL_MS + 200;
  });
  assert.equal(await waitingTokens(client), 1);

  const seen: (number | undefined)[] = [];
  const { frames } = consumer(server.url, async (frame) => void seen.push(frame.header?.stamp?.sequence));
  context.after(() => frames.close());
  await publisher.publish(header(++sequence), JPEG);
  await until("the last frame is taken", () => seen.at(-1) === sequence);
});

test("a token that is active but has read does not count as waiting", { skip }, async (context) => {
  const { server, publisher } = await setUp(context);
  const release = Promise.withResolvers<void>();
  const seen: (number | undefined)[] = [];
  const { frames } = consumer(server.url, async (frame) => {
    seen.push(frame.header?.stamp?.sequence);
    if (seen.length === 1) await release.promise;
  });
  context.after(() => frames.close());
  context.after(() => release.resolve());

  await publisher.publish(header(1), JPEG);
  await until("the first frame is in work", () => seen.length === 1);
  await new Promise((resolve) => setTimeout(resolve, TOKEN_TTL_MS + 100));
  await publisher.publish(header(2), JPEG);
  await until("the second frame is in work", () => seen.length === 2);
});

test("taking a token frees BullMQ's own deduplication key before the work", { skip }, async (context) => {
  const { server, client, publisher } = await setUp(context);
  const queue = new Queue(QUEUE_NAME, { connection: client, prefix: queuePrefix(SHOW) });
  context.after(() => queue.close());
  const held: (string | null)[] = [];
  const { frames } = consumer(server.url, async () => {
    held.push(await queue.getDeduplicationJobId("stage"));
  });
  context.after(() => frames.close());

  await publisher.publish(header(1), JPEG);
  await until("the frame is in work", () => held.length === 1);
  assert.deepEqual(held, [null]);
});

test("nothing about a token stays in Redis once it is done", { skip }, async (context) => {
  const { server, client, publisher } = await setUp(context);
  let done = 0;
  const { frames } = consumer(server.url, async () => {
    done += 1;
    if (done % 2) throw new Error("the handler fails");
  });
  context.after(() => frames.close());
  for (let sequence = 1; sequence <= 4; sequence += 1) {
    await publisher.publish(header(sequence), JPEG);
    await until("it is done", () => done === sequence);
  }
  await until("only the books of the queue are left", async () => {
    const keys = await client.keys(`${queuePrefix(SHOW)}:${QUEUE_NAME}:*`);
    return keys.every((key) => /:(?:meta|events|id|marker|stalled-check)$/.test(key));
  });
});

test("each token that leads to no work is counted by its reason", { skip }, async (context) => {
  const { server, client, publisher } = await setUp(context);
  let handled = 0;
  const { frames, dropped } = consumer(
    server.url,
    async () => {
      handled += 1;
      if (handled > 1) throw new Error("the handler fails");
    },
    { nowMs: () => 10_000, frameMaxAgeMs: 1_000 },
  );
  context.after(() => frames.close());
  const sent = async (sequence: number, capturedAtMs: number) =>
    publisher.publish(header(sequence, { capturedAtMs }), JPEG);

  await sent(1, 8_000);
  await until("the old frame is refused", () => dropped.length === 1);
  await sent(2, 9_500);
  await until("the fresh frame is done", () => handled === 1);
  await sent(2, 9_500);
  await until("the same frame is refused", () => dropped.length === 2);
  await sent(3, 9_500);
  await until("the failure is counted", () => dropped.length === 3);

  const queue = new Queue(QUEUE_NAME, { connection: client, prefix: queuePrefix(SHOW) });
  context.after(() => queue.close());
  await client.set(newestFrameKey(SHOW, "stage"), Buffer.from([0xff, 0xff]));
  await queue.add("token", { cam: "stage" });
  await until("what is no frame is refused", () => dropped.length === 4);
  await client.del(newestFrameKey(SHOW, "stage"));
  await queue.add("token", { cam: "stage" });
  await until("the missing frame is counted", () => dropped.length === 5);
  assert.deepEqual(dropped, ["stale", "superseded", "failed", "malformed", "image-gone"]);
});

test("a frame that is too large is refused without asking Redis", { skip }, async (context) => {
  const { publisher } = await setUp(context);
  await assert.rejects(publisher.publish(header(1), Buffer.alloc(MAX_FRAME_BYTES + 1)), {
    reason: "too-large",
  });
});

test("a hanging Redis costs a bounded number of frames in memory, each dropped with its reason", {
  skip,
}, async (context) => {
  const { server, publisher } = await setUp(context);
  await publisher.publish(header(1), JPEG);
  server.pause();
  const reasons = await Promise.all([2, 3, 4, 5].map((sequence) => dropReason(publisher, sequence)));
  server.resume();
  assert.deepEqual(reasons, ["redis-unavailable", "redis-unavailable", "backlog", "backlog"]);
  let sequence = 5;
  await until(
    "frames get through again",
    async () => (await dropReason(publisher, ++sequence)) === undefined,
  );
});

test("without Redis frames are dropped at once, and once it is back everything resumes", {
  skip,
}, async (context) => {
  const { server, publisher } = await setUp(context);
  const seen: (number | undefined)[] = [];
  const { frames } = consumer(server.url, async (frame) => void seen.push(frame.header?.stamp?.sequence));
  context.after(() => frames.close());
  await publisher.publish(header(1), JPEG);
  await until("the first frame is taken", () => seen.length === 1);

  await server.kill();
  await until("the loss is noticed", async () => (await dropReason(publisher, 2)) === "redis-unavailable");
  // Longer than a worker's blocking read, which is what older versions of BullMQ never woke from.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  assert.equal(await dropReason(publisher, 3), "redis-unavailable");
  await server.restart();

  let sequence = 3;
  await until("a frame is taken again", async () => {
    await dropReason(publisher, ++sequence);
    return (seen.at(-1) ?? 0) > 3;
  });
});

test("each opening of a camera gets a higher run, above what was published, also when one record is lost", {
  skip,
}, async (context) => {
  const { client, publisher } = await setUp(context);
  assert.equal(await publisher.openCamera("stage"), 1);
  assert.equal(await publisher.openCamera("stage"), 2);
  assert.equal(await publisher.openCamera("door"), 1);
  await client.hset(`followspot:{${SHOW}}:last-published`, "stage", "7:120");
  assert.equal(await publisher.openCamera("stage"), 8);
  await client.del(`followspot:{${SHOW}}:last-published`);
  assert.equal(await publisher.openCamera("stage"), 9);
});

test("a reader sees the newest frame without taking it from the worker", { skip }, async (context) => {
  const { server, client, publisher } = await setUp(context);
  const reader = await FrameReader.connect({ redisUrl: server.url, showId: SHOW, log: silentLog() });
  context.after(() => reader.close());
  assert.equal(await reader.newest("stage"), undefined);
  await publisher.publish(header(1), JPEG);
  await publisher.publish(header(2), JPEG);
  const frame = await reader.newest("stage");
  assert.equal(frame?.header?.stamp?.sequence, 2);
  assert.deepEqual(Buffer.from(frame?.jpeg ?? []), JPEG);
  assert.equal(await waitingTokens(client), 1);
});

test("closing lets a frame in work finish, and takes no other", { skip }, async (context) => {
  const { server, client, publisher } = await setUp(context);
  const release = Promise.withResolvers<void>();
  const seen: (number | undefined)[] = [];
  let finished = false;
  const { frames, dropped } = consumer(
    server.url,
    async (frame) => {
      seen.push(frame.header?.stamp?.sequence);
      await release.promise;
      finished = true;
    },
    { drainMs: 20_000, concurrency: 1 },
  );
  await publisher.publish(header(1), JPEG);
  await until("the frame is in work", () => seen.length === 1);
  const closed = Promise.all([frames.close(), frames.close(), frames.finished]);
  await publisher.publish(header(2), JPEG);
  release.resolve();
  await closed;
  assert.ok(finished);
  assert.deepEqual([seen, dropped, await waitingTokens(client)], [[1], [], 1]);

  const other = consumer(server.url, async (frame) => void seen.push(frame.header?.stamp?.sequence));
  context.after(() => other.frames.close());
  await until("another worker takes what was left", () => seen.at(-1) === 2);
});

test("a token that waited at hand while its worker stopped is taken by another that is already there", {
  skip,
}, async (context) => {
  const { server, publisher } = await setUp(context);
  const release = Promise.withResolvers<void>();
  const begun: string[] = [];
  const handler = (name: string) => async () => {
    begun.push(name);
    if (begun.length === 1) await release.promise;
  };
  const stopping = consumer(server.url, handler("stopping"), { concurrency: 1, drainMs: 20_000 });
  context.after(() => release.resolve());
  await publisher.publish(header(1), JPEG);
  await until("the only place is taken", () => begun.length === 1);
  await publisher.publish(header(1, { cameraId: "door" }), JPEG);
  const { frames } = consumer(server.url, handler("other"), { concurrency: 1 });
  context.after(() => frames.close());
  const closed = stopping.frames.close();
  await until("the other has it", () => begun.length === 2);
  release.resolve();
  await closed;
  assert.deepEqual([begun, stopping.dropped], [["stopping", "other"], []]);
});

test("closing cancels a frame that does not finish in time", { skip }, async (context) => {
  const { server, publisher } = await setUp(context);
  const started = Promise.withResolvers<void>();
  const { frames, dropped } = consumer(
    server.url,
    async (_frame, signal) => {
      started.resolve();
      await once(signal, "abort");
      throw signal.reason;
    },
    { drainMs: 50 },
  );
  await publisher.publish(header(1), JPEG);
  await started.promise;
  await frames.close();
  assert.deepEqual(dropped, ["canceled"]);
});

test("closing ends while starting, and without Redis", { skip }, async (context) => {
  const server = await redisForTests(context);
  const starting = consumer(server.url, async () => {});
  await starting.frames.close();
  await closesWithoutRedis(server);
});

test("the watchdog is told of tokens that wait while nothing is started, and of the next start", {
  skip,
}, async (context) => {
  const { server, publisher } = await setUp(context);
  const watchdog = new ProgressWatchdog(500);
  const release = Promise.withResolvers<void>();
  let begun = 0;
  const { frames } = consumer(
    server.url,
    async () => {
      begun += 1;
      await release.promise;
    },
    { watchdog, concurrency: 1 },
  );
  context.after(() => frames.close());
  context.after(() => release.resolve());
  await publisher.publish(header(1), JPEG);
  await until("the only slot is taken", () => begun === 1);
  assert.ok(watchdog.check().ok);

  await publisher.publish(header(1, { cameraId: "door" }), JPEG);
  await until("the waiting token is noticed", () => !watchdog.check().ok);
  release.resolve();
  await until("all is well", () => watchdog.check().ok);
});

async function closesWithoutRedis(server: PrivateRedis): Promise<void> {
  const running = consumer(server.url, async () => {});
  await until("it is connected", () => running.frames.connected);
  await server.kill();
  await until("the loss is noticed", () => !running.frames.connected);
  await running.frames.close();
  const hopeless = consumer(server.url, async () => {});
  await hopeless.frames.close();
}

async function dropReason(publisher: FramePublisher, sequence: number): Promise<string | undefined> {
  try {
    await publisher.publish(header(sequence), JPEG);
    return undefined;
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}
