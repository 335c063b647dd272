import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { compareFrames } from "@followspot/domain";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import { redisForTests, silentLog, until, withoutRedis } from "@followspot/testkit";
import fc from "fast-check";
import { Redis } from "ioredis";
import { FIRST_ID, ObservationPublisher, ObservationReader } from "./index.ts";
import { observationsKey } from "./keys.ts";
import { observation, SHOW } from "./testdata/observations-for-tests.ts";

const skip = withoutRedis;
const never = new AbortController().signal;

async function setUp(context: TestContext) {
  const server = await redisForTests(context, { appendOnly: true });
  const options = { redisUrl: server.url, showId: SHOW, log: silentLog() };
  const client = new Redis(server.url, { maxRetriesPerRequest: null });
  client.on("error", () => {});
  const publisher = await ObservationPublisher.connect(options);
  const malformed: string[] = [];
  const reader = await ObservationReader.connect({ ...options, onMalformed: (id) => malformed.push(id) });
  const received: Observation[] = [];
  const ids: string[] = [];
  const follow = async (after: string, signal = never) => {
    for await (const { id, observation: seen } of reader.read(after, signal)) {
      ids.push(id);
      received.push(seen);
    }
  };
  context.after(async () => {
    await reader.close();
    await publisher.close();
    client.disconnect();
  });
  return { server, client, publisher, reader, malformed, received, ids, follow };
}

function sequences(received: readonly Observation[]): (number | undefined)[] {
  return received.map(({ frame }) => frame?.sequence);
}

test("what is published is received, whole and in order", { skip }, async (context) => {
  const { publisher, received, follow } = await setUp(context);
  const following = follow(FIRST_ID);
  for (const sequence of [1, 2, 5]) {
    assert.equal(await publisher.publish(observation(sequence)), "published");
  }
  await until("all are received", () => received.length === 3);
  assert.deepEqual(sequences(received), [1, 2, 5]);
  assert.deepEqual(received[2], observation(5));
  void following;
});

test("an observation of the same or of an older frame is refused, also of an older run", {
  skip,
}, async (context) => {
  const { client, publisher } = await setUp(context);
  assert.equal(await publisher.publish(observation(7, { run: 2 })), "published");
  // A ghost: a worker that lost its lock, finished all the same, and is late.
  for (const late of [
    observation(7, { run: 2, workerId: "ghost" }),
    observation(6, { run: 2 }),
    observation(900),
  ]) {
    assert.equal(await publisher.publish(late), "superseded");
  }
  assert.equal(await publisher.publish(observation(1, { cameraId: "door" })), "published");
  assert.equal(await publisher.publish(observation(1, { run: 3 })), "published");
  assert.equal(await client.xlen(observationsKey(SHOW)), 3);
});

test("whatever order several workers publish in, each camera's observations only ever get newer, and the newest is there", {
  skip,
}, async (context) => {
  const { server, client, publisher } = await setUp(context);
  const second = await ObservationPublisher.connect({ redisUrl: server.url, showId: SHOW, log: silentLog() });
  context.after(() => second.close());
  const frames = fc.array(
    fc.record({
      cameraId: fc.constantFrom("stage", "door"),
      run: fc.integer({ min: 1, max: 3 }),
      sequence: fc.integer({ min: 1, max: 12 }),
    }),
    { minLength: 1, maxLength: 30 },
  );
  await fc.assert(
    fc.asyncProperty(frames, async (places) => {
      await client.flushall();
      await Promise.all(
        places.map((place, index) =>
          (index % 2 ? publisher : second).publish(observation(place.sequence, place)),
        ),
      );
      const reader = await ObservationReader.connect({
        redisUrl: server.url,
        showId: SHOW,
        log: silentLog(),
      });
      const stop = new AbortController();
      const last = await reader.newestId();
      const seen = new Map<string, { run: number; sequence: number }>();
      for await (const {
        id,
        observation: { frame },
      } of reader.read(FIRST_ID, stop.signal)) {
        assert.ok(frame);
        const before = seen.get(frame.cameraId);
        assert.ok(!before || compareFrames(before, frame) < 0);
        seen.set(frame.cameraId, frame);
        if (id === last) stop.abort();
      }
      await reader.close();
      for (const place of places) {
        const newest = seen.get(place.cameraId);
        assert.ok(newest && compareFrames(place, newest) <= 0);
      }
    }),
    { numRuns: 25 },
  );
});

test("Redis dies under both ends: each acknowledged observation is received once, in order", {
  skip,
}, async (context) => {
  const { server, publisher, received, ids, follow } = await setUp(context);
  void follow(FIRST_ID);
  const acknowledged: number[] = [];
  const stop = new AbortController();
  let attempted = 0;
  const publishing = (async () => {
    while (!stop.signal.aborted) {
      attempted += 1;
      const sequence = attempted;
      try {
        if ((await publisher.publish(observation(sequence), stop.signal)) === "published")
          acknowledged.push(sequence);
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  })();
  await until("some are through", () => acknowledged.length > 100);
  await server.kill();
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  await server.restart();
  const before = acknowledged.length;
  await until("more are through", () => acknowledged.length > before + 100);
  stop.abort();
  await publishing;

  await until("all are received", () => sequences(received).includes(acknowledged.at(-1)));
  const got = sequences(received) as number[];
  const gotSet = new Set(got);
  assert.deepEqual(
    acknowledged.filter((sequence) => !gotSet.has(sequence)),
    [],
    "lost",
  );
  assert.deepEqual(
    got,
    got.toSorted((a, b) => a - b),
    "in order",
  );
  assert.equal(gotSet.size, got.length, "no frame twice");
  assert.equal(new Set(ids).size, ids.length, "no id twice");
});

test("publishing gives up when told to, also while Redis is away", { skip }, async (context) => {
  const { server, publisher } = await setUp(context);
  await server.kill();
  const stop = new AbortController();
  const publishing = publisher.publish(observation(1), stop.signal);
  stop.abort(new Error("stopping"));
  await assert.rejects(publishing, /stopping/);
});

test("a copy that is refused after an attempt without an answer counts as published", {
  skip,
}, async (context) => {
  const { server, client, publisher } = await setUp(context);
  server.pause();
  const publishing = publisher.publish(observation(1));
  // Longer than the publisher waits for an answer, so it tries again; the server then finds both attempts.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  server.resume();
  assert.equal(await publishing, "published");
  assert.equal(await client.xlen(observationsKey(SHOW)), 1);
});

test("an entry that is no observation is skipped and told of", { skip }, async (context) => {
  const { client, publisher, received, malformed, follow } = await setUp(context);
  const key = observationsKey(SHOW);
  await client.xadd(key, "*", "o", Buffer.from([0xff, 0xff, 0xff]));
  await client.xadd(key, "*", "something", "else");
  await client.xadd(key, "*", "o", "");
  void follow(FIRST_ID);
  await publisher.publish(observation(1));
  await until("the good one is received", () => received.length === 1);
  assert.equal(malformed.length, 3);
});

test("reading from the newest id sees only what comes after", { skip }, async (context) => {
  const { publisher, reader, received, follow } = await setUp(context);
  assert.equal(await reader.newestId(), FIRST_ID);
  await publisher.publish(observation(1));
  void follow(await reader.newestId());
  await publisher.publish(observation(2));
  await until("the second is received", () => received.length > 0);
  assert.deepEqual(sequences(received), [2]);
});

test("reading ends when told to and when closed, without waiting for the next observation", {
  skip,
}, async (context) => {
  const { reader, follow } = await setUp(context);
  const stop = new AbortController();
  const first = follow(FIRST_ID, stop.signal);
  stop.abort();
  await first;
  const second = follow(FIRST_ID);
  await reader.close();
  await reader.close();
  await second;
});

test("the stream is bounded", { skip }, async (context) => {
  const { client, publisher } = await setUp(context);
  for (let sequence = 1; sequence <= 12_000; sequence += 500) {
    await Promise.all(
      Array.from({ length: 500 }, (_, index) => publisher.publish(observation(sequence + index))),
    );
  }
  assert.ok((await client.xlen(observationsKey(SHOW))) < 11_000);
});
