import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { Presence } from "@followspot/schema/followspot/v1/event";
import { until } from "@followspot/testkit";
import fc from "fast-check";
import { backOffMs } from "./back-off.ts";
import { FollowspotClient, type FollowspotClientOptions } from "./followspot-client.ts";
import { ScriptedServer } from "./testdata/scripted-server.ts";
import type { Update } from "./update.ts";

function follow(t: TestContext, options: FollowspotClientOptions) {
  const client = new FollowspotClient(options);
  t.after(() => client.close());
  const updates: Update[] = [];
  client.subscribe((update) => updates.push(update));
  const told = () =>
    updates.map((update) => {
      if (update.kind === "event") return `event ${update.event.sequence}`;
      if (update.kind === "snapshot") return `snapshot ${update.why}`;
      return update.kind === "connected" ? `connected ${update.recovered}` : update.kind;
    });
  const untilTold = (what: string) => until(`it is told: ${what}`, () => told().includes(what));
  return { client, updates, told, untilTold };
}

test("a snapshot is the state, and events change it, each once", async (t) => {
  const server = await ScriptedServer.start(t);
  const { client, told, untilTold } = follow(t, { url: server.url, token: "a-token-of-16-letters" });
  const visit = await server.visit(1);
  assert.equal(visit.hello.resume, undefined);
  assert.match(server.addresses[0] ?? "", /^\/v1\/subscribe\?access_token=a-token-of-16-letters$/);
  visit.greet(true);
  visit.snapshot("e1", 7, ["basket"]);
  visit.event("e1", 7);
  visit.event("e1", 8);
  visit.event("e1", 8);
  visit.event("e1", 9, "axe");
  await untilTold("event 9");
  assert.deepEqual(told(), ["connected true", "snapshot first", "event 8", "event 9"]);
  assert.deepEqual([...client.state.keys()], ["basket", "wolf", "axe"]);
  assert.equal(client.state.get("wolf")?.state, Presence.PRESENT);
  assert.deepEqual(client.position, { epoch: "e1", sequence: 9 });
  assert.equal(client.connected, true);
});

test("after a disconnect it resumes with its last event", async (t) => {
  const server = await ScriptedServer.start(t);
  const { client, told, untilTold } = follow(t, { url: server.url });
  const first = await server.visit(1);
  first.greet(true);
  first.snapshot("e1", 1);
  first.event("e1", 2);
  await untilTold("event 2");
  first.hangUp();
  const second = await server.visit(2);
  assert.equal(client.connected, false);
  assert.equal(second.hello.resume?.epoch, "e1");
  assert.equal(second.hello.resume.sequence, 2);
  second.greet(true);
  second.event("e1", 3);
  await untilTold("event 3");
  assert.deepEqual(told(), [
    "connected true",
    "snapshot first",
    "event 2",
    "disconnected",
    "connected true",
    "event 3",
  ]);
});

test("what was missed for good is said so, and the snapshot is no entrance", async (t) => {
  const server = await ScriptedServer.start(t);
  const { client, told, untilTold } = follow(t, { url: server.url });
  const first = await server.visit(1);
  first.greet(true);
  first.snapshot("e1", 1, ["basket"]);
  await untilTold("snapshot first");
  first.hangUp();
  const second = await server.visit(2);
  second.greet(false);
  second.snapshot("e1", 50, ["wolf"]);
  await untilTold("snapshot missed");
  assert.deepEqual([...client.state.keys()], ["wolf"]);
  second.greet(false);
  second.snapshot("e2", 0, ["wolf", "axe"]);
  await untilTold("snapshot new-epoch");
  second.event("e2", 1);
  await untilTold("event 1");
  assert.deepEqual(told().slice(2), [
    "disconnected",
    "connected false",
    "snapshot missed",
    "connected false",
    "snapshot new-epoch",
    "event 1",
  ]);
});

test("a hole in the events is not accepted: it asks again from what is certain", async (t) => {
  const server = await ScriptedServer.start(t);
  const { told, untilTold } = follow(t, { url: server.url });
  const first = await server.visit(1);
  first.greet(true);
  first.snapshot("e1", 1);
  first.event("e1", 3);
  const second = await server.visit(2);
  assert.equal(second.hello.resume?.sequence, 1);
  second.greet(true);
  second.event("e1", 2);
  second.event("e1", 3);
  await untilTold("event 3");
  assert.deepEqual(
    told().filter((line) => line.startsWith("event")),
    ["event 2", "event 3"],
  );
});

test("a server that falls silent, or talks nonsense, is left", async (t) => {
  const server = await ScriptedServer.start(t);
  const { updates } = follow(t, { url: server.url, silenceMs: 200 });
  const first = await server.visit(1);
  first.greet(true);
  const second = await server.visit(2);
  second.sayRaw("hello?");
  await server.visit(3);
  const reasons = updates.flatMap((update) => (update.kind === "disconnected" ? [update.reason] : []));
  assert.match(reasons[0] ?? "", /silent for 200 ms/);
  assert.match(reasons[1] ?? "", /no message of this protocol/);
});

test("a message of a later version is passed over", async (t) => {
  const server = await ScriptedServer.start(t);
  const { untilTold, told } = follow(t, { url: server.url });
  const visit = await server.visit(1);
  visit.greet(true);
  visit.sayRaw(`{"weather":{"rain":true}}`);
  visit.snapshot("e1", 0);
  await untilTold("snapshot first");
  assert.ok(!told().includes("disconnected"));
});

test("it comes back for ever to a server that is not there", async (t) => {
  const server = await ScriptedServer.start(t);
  const { updates } = follow(t, { url: "http://127.0.0.1:1", silenceMs: 200 });
  assert.ok(server.url);
  const gone = await until("three attempts", () => {
    const waits = updates.flatMap((update) => (update.kind === "disconnected" ? [update.retryInMs] : []));
    return waits.length >= 3 && waits;
  });
  assert.ok((gone[2] ?? 0) >= 200, "later attempts wait longer");
});

test("the wait grows, is bounded, and is partly chance", () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 10_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (attempt, chance) => {
        const waitMs = backOffMs(attempt, () => chance);
        assert.ok(waitMs >= 50 && waitMs <= 5_000);
        if (attempt > 6) assert.ok(waitMs >= 2_500);
      },
    ),
  );
});

test("the updates can be iterated, until the client is closed or the loop is left", async (t) => {
  const server = await ScriptedServer.start(t);
  const client = new FollowspotClient({ url: server.url });
  t.after(() => client.close());
  const greeting = server.visit(1).then((visit) => {
    visit.greet(true);
    visit.snapshot("e1", 0);
  });
  const kinds: string[] = [];
  for await (const update of client.updates()) {
    kinds.push(update.kind);
    if (update.kind === "snapshot") break;
  }
  await greeting;
  assert.deepEqual(kinds, ["connected", "snapshot"]);

  const rest = (async () => {
    for await (const update of client.updates()) kinds.push(update.kind);
  })();
  client.close();
  await rest;
  assert.equal(kinds.length, 2);
});

test("a loop that cannot keep up gets the state instead of what it missed", async (t) => {
  const server = await ScriptedServer.start(t);
  const client = new FollowspotClient({ url: server.url });
  t.after(() => client.close());
  const updates = client.updates();
  const first = updates.next();
  const visit = await server.visit(1);
  visit.greet(true);
  visit.snapshot("e1", 0);
  await first;
  for (let sequence = 1; sequence <= 2_500; sequence += 1) visit.event("e1", sequence);
  await until("all have come", () => client.position?.sequence === 2_500);
  const kinds: string[] = [];
  let after = 0;
  for await (const update of updates) {
    kinds.push(update.kind);
    if (update.kind === "snapshot") after = update.snapshot.sequence;
    if (update.kind === "event")
      assert.equal(update.event.sequence, (after += 1), "without a hole from the snapshot on");
    if (after === 2_500) break;
  }
  assert.equal(kinds[0], "snapshot");
});

test("a later life goes on from what was kept", async (t) => {
  const server = await ScriptedServer.start(t);
  const life = follow(t, { url: server.url });
  const first = await server.visit(1);
  first.greet(true);
  first.snapshot("e1", 4, ["basket"]);
  first.event("e1", 5);
  await life.untilTold("event 5");
  const kept = life.client.snapshot;
  assert.ok(kept);
  life.client.close();

  const next = follow(t, { url: server.url, resume: kept });
  assert.deepEqual([...next.client.state.keys()], ["basket", "wolf"]);
  const second = await server.visit(2);
  assert.equal(second.hello.resume?.sequence, 5);
  second.greet(true);
  second.event("e1", 6);
  await next.untilTold("event 6");
  assert.deepEqual(next.told(), ["connected true", "event 6"]);
});

test("an address that is none is refused at once", () => {
  assert.throws(() => new FollowspotClient({ url: "not an address" }), TypeError);
});
