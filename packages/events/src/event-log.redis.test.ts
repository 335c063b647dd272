import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { PrivateRedis } from "@followspot/redis-server";
import { RedisClock, RedisConnection } from "@followspot/runtime";
import { type Event, Event_Type, Presence } from "@followspot/schema/followspot/v1/event";
import { redisForTests, silentLog, until, withoutRedis } from "@followspot/testkit";
import { applyEvent } from "./apply-event.ts";
import { type Entry, type EventDraft, EventLog, type EventLogOptions } from "./event-log.ts";
import { EventReader } from "./event-reader.ts";
import { eventKeys } from "./keys.ts";
import type { Lease } from "./lease.ts";

const log = silentLog();
const showId = "test";
const never = new AbortController().signal;
const keys = eventKeys(showId);
/** No machine stands still for so long that a holder loses it; short enough to wait until it runs out. */
const LEASE_MS = 4_000;

async function setUp(t: TestContext, redis: PrivateRedis, options: Partial<EventLogOptions> = {}) {
  const { client, close } = await RedisConnection.connect(redis.url, "patient", log).then((connection) => ({
    client: connection.client,
    close: () => connection.client.disconnect(),
  }));
  const clock = await RedisClock.connect(client);
  const wire = { redisUrl: redis.url, showId, log };
  const events = await EventLog.connect({ ...wire, nowMs: clock.nowMs, leaseMs: LEASE_MS, ...options });
  const reader = await EventReader.connect(wire);
  t.after(async () => {
    await Promise.all([clock.close(), events.close(), reader.close()]);
    close();
  });
  return { client, events, reader };
}

function draft(label: string): EventDraft {
  return {
    type: Event_Type.ENTER,
    label,
    state: Presence.PRESENT,
    presenceId: `${label}-1`,
    happenedAtMs: 1,
    settledAtMs: 2,
    confidence: 0.75,
    reason: "seen by stage",
  };
}

function entry(labels: readonly string[], cursor = "0-0"): Entry {
  return {
    events: labels.map(draft),
    labels: labels.map((label) => ({ label })),
    presence: `{"seen":${labels.length}}`,
    cursor,
  };
}

async function take(events: EventLog): Promise<Lease> {
  return until("the lease is free", () => events.acquireLease().catch(() => undefined));
}

test("events are stored with presence, cursor and snapshot of the same moment", {
  skip: withoutRedis,
}, async (t) => {
  const { events, reader } = await setUp(t, await redisForTests(t));
  assert.equal(await events.read(), undefined);
  const lease = await take(events);
  const start = await events.begin(lease, entry([]));
  const first = await events.append(lease, start, entry(["wolf", "basket"], "7-1"));
  await events.append(lease, first.position, entry([], "9-1"));

  assert.deepEqual(
    first.events.map(({ id, sequence }) => [id, sequence]),
    [
      [`${start.epoch}-1`, 1],
      [`${start.epoch}-2`, 2],
    ],
  );
  const head = await events.read();
  assert.deepEqual(head?.position, { epoch: start.epoch, sequence: 2 });
  assert.equal(head.cursor, "9-1");
  assert.equal(head.presence, '{"seen":0}');
  const history = await reader.readSince(start);
  assert.ok(history.recovered);
  assert.deepEqual(history.events, first.events);
  assert.deepEqual(await reader.readSince(first.position), {
    recovered: true,
    events: [],
    newest: first.position,
  });
  const recent = await reader.readRecent(1);
  assert.deepEqual(recent?.events, [first.events[1]]);
  await lease.close();
});

test("only the holder of the lease appends, and it is free as soon as it is given back", {
  skip: withoutRedis,
}, async (t) => {
  const redis = await redisForTests(t);
  const { events: one, client } = await setUp(t, redis);
  const { events: two } = await setUp(t, redis);
  const lease = await take(one);
  assert.equal(await two.acquireLease(), undefined);
  const start = await one.begin(lease, entry([]));
  await client.set(keys.lease, "somebody else");
  await assert.rejects(one.append(lease, start, entry(["wolf"])), { reason: "fenced" });
  await until("the holder notices", () => lease.lost.aborted);
  await lease.close();
  assert.equal(await client.get(keys.lease), "somebody else", "what is not ours is not given back");

  await client.del(keys.lease);
  const second = await take(two);
  await second.close();
  await (await take(one)).close();
});

test("a lease that cannot be renewed is lost, and comes free by itself", {
  skip: withoutRedis,
}, async (t) => {
  const redis = await redisForTests(t);
  const { events: one } = await setUp(t, redis, { leaseMs: 400 });
  const { events: two } = await setUp(t, redis);
  const lease = await take(one);
  redis.pause();
  await until("the holder gives up by itself", () => lease.lost.aborted);
  redis.resume();
  const other = await take(two);
  await lease.close();
  assert.equal(other.lost.aborted, false);
  await other.close();
});

test("who has not seen the newest event, or the newest epoch, appends nothing", {
  skip: withoutRedis,
}, async (t) => {
  const { events, client, reader } = await setUp(t, await redisForTests(t));
  const lease = await take(events);
  const start = await events.begin(lease, entry([]));
  const { position } = await events.append(lease, start, entry(["wolf"]));
  await assert.rejects(events.append(lease, start, entry(["basket"])), { reason: "out-of-step" });
  await assert.rejects(events.begin(lease, entry([])), { reason: "epoch-changed" });

  await client.del(keys.head, keys.stream);
  await assert.rejects(events.append(lease, position, entry(["basket"])), { reason: "epoch-changed" });
  const anew = await events.begin(lease, entry([]));
  assert.notEqual(anew.epoch, start.epoch);
  assert.deepEqual(await reader.readSince(position), { recovered: false });
  const replaced = await events.begin(lease, entry([]), "replace");
  assert.notEqual(replaced.epoch, anew.epoch);
  await lease.close();
});

test("beyond the window, by number or by age, nobody is told that nothing was missed", {
  skip: withoutRedis,
}, async (t) => {
  let nowMs = 1_000_000;
  const { events, reader } = await setUp(t, await redisForTests(t), {
    window: 10,
    maxAgeMs: 60_000,
    nowMs: () => nowMs,
  });
  const lease = await take(events);
  const start = await events.begin(lease, entry([]));
  let { position } = await events.append(
    lease,
    start,
    entry(Array.from({ length: 15 }, (_, index) => `label-${index}`)),
  );
  assert.deepEqual(await reader.readSince(start), { recovered: false });
  assert.deepEqual(await reader.readSince({ ...start, sequence: 4 }), { recovered: false });
  const kept = await reader.readSince({ ...start, sequence: 5 });
  assert.ok(kept.recovered);
  assert.deepEqual(
    kept.events.map(({ sequence }) => sequence),
    [6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
  );
  assert.deepEqual(
    await reader.readSince({ ...start, sequence: 16 }),
    { recovered: false },
    "nobody gave that out",
  );

  nowMs += 61_000;
  ({ position } = await events.append(lease, position, entry(["wolf"])));
  assert.deepEqual(await reader.readSince({ ...start, sequence: 14 }), { recovered: false });
  const young = await reader.readSince({ ...start, sequence: 15 });
  assert.ok(young.recovered && young.events.length === 1);
  await lease.close();
});

test("a tail goes on through the death and restart of Redis, and ends when the log begins anew", {
  skip: withoutRedis,
}, async (t) => {
  const redis = await redisForTests(t, { appendOnly: true });
  const { events, reader, client } = await setUp(t, redis);
  let lease = await take(events);
  let position = await events.begin(lease, entry([]));
  const received: Event[] = [];
  const tail = (async () => {
    for await (const batch of reader.tail(position, never)) received.push(...batch);
  })();
  ({ position } = await events.append(lease, position, entry(["wolf"])));
  await until("the first event comes", () => received.length === 1);

  await redis.kill();
  await redis.restart();
  await lease.close();
  lease = await take(events);
  const head = await until("the log is read again", () => events.read().catch(() => undefined));
  assert.deepEqual(head.position, position, "what was acknowledged is there");
  ({ position } = await events.append(lease, position, entry(["basket", "axe"])));
  await until("the others come", () => received.length === 3);
  assert.deepEqual(
    received.map(({ sequence }) => sequence),
    [1, 2, 3],
  );

  await client.flushall();
  const fresh = await until("the lease is free", () => events.acquireLease());
  await events.begin(fresh, entry([]));
  await tail;
  await fresh.close();
});

test("an append without an answer is there or not, and reading again tells which", {
  skip: withoutRedis,
}, async (t) => {
  const redis = await redisForTests(t);
  const { events, reader } = await setUp(t, redis);
  let lease = await take(events);
  let position = await events.begin(lease, entry([]));
  redis.pause();
  await assert.rejects(events.append(lease, position, entry(["wolf"])));
  redis.resume();
  await lease.close();
  lease = await take(events);
  const head = await events.read();
  assert.ok(head && head.position.sequence <= 1);
  ({ position } = await events.append(lease, head.position, entry(["basket"])));
  const history = await reader.readSince({ epoch: position.epoch, sequence: 0 });
  assert.ok(history.recovered);
  assert.deepEqual(
    history.events.map(({ label }) => label),
    head.position.sequence === 1 ? ["wolf", "basket"] : ["basket"],
  );
  await lease.close();
});

test("several that want to lead leave one history without a hole", { skip: withoutRedis }, async (t) => {
  const redis = await redisForTests(t);
  const writers = await Promise.all(Array.from({ length: 3 }, () => setUp(t, redis)));
  const acknowledged: string[] = [];
  await Promise.all(
    writers.map(async ({ events, client }, writer) => {
      for (let term = 0; term < 8; term += 1) {
        const lease = await until("the lease is free", () => events.acquireLease(), 30_000);
        const head = await events.read();
        let position = head?.position ?? (await events.begin(lease, entry([])));
        for (let round = 0; round < 5; round += 1) {
          const label = `w${writer}t${term}r${round}`;
          const appended = await events.append(lease, position, entry([label]));
          position = appended.position;
          acknowledged.push(`${appended.events[0]?.id} ${label}`);
        }
        if (term % 2 === 1) {
          // It was taken away without a word; what the former holder then tries is refused.
          await client.del(keys.lease);
          await assert.rejects(events.append(lease, position, entry(["ghost"])), { reason: "fenced" });
        }
        await lease.close();
      }
    }),
  );
  const [first] = writers;
  assert.ok(first);
  const { events, reader } = first;
  const head = await events.read();
  const history = await reader.readSince({ epoch: head?.position.epoch ?? "", sequence: 0 });
  assert.ok(history.recovered);
  assert.equal(history.events.length, 3 * 8 * 5);
  assert.deepEqual(
    history.events.map(({ id, label }) => `${id} ${label}`),
    acknowledged.toSorted(bySequence),
  );
});

test("a snapshot plus an event is the state after it", () => {
  const event = {
    ...draft("wolf"),
    $typeName: "followspot.v1.Event" as const,
    id: "e-4",
    epoch: "e",
    sequence: 4,
    recordedAtMs: 9,
  };
  const before = {
    $typeName: "followspot.v1.Snapshot" as const,
    epoch: "e",
    sequence: 3,
    asOfMs: 5,
    labels: [],
  };
  const after = applyEvent(before, event);
  assert.equal(after.sequence, 4);
  assert.equal(after.labels[0]?.presenceId, "wolf-1");
  const exited = applyEvent(after, { ...event, type: Event_Type.EXIT, state: Presence.ABSENT, sequence: 5 });
  assert.equal(exited.labels.length, 1);
  assert.equal(exited.labels[0]?.presenceId, "");
});

function bySequence(a: string, b: string): number {
  return sequenceOf(a) - sequenceOf(b);
}

function sequenceOf(line: string): number {
  return Number(/-(\d+) /.exec(line)?.[1]);
}
