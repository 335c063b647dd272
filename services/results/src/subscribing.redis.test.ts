import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { Event_Type, Presence } from "@followspot/schema/followspot/v1/event";
import { until, withoutRedis } from "@followspot/testkit";
import { WebSocket } from "ws";
import { CAST, Rig } from "./testdata/rig.ts";
import { follow, readEventStream } from "./testdata/subscriber.ts";

const TOKEN = "read-token-for-tests";

test("a subscriber learns who is there, who enters and who leaves", { skip: withoutRedis }, async (t) => {
  const rig = await Rig.start(t);
  const results = await rig.results(t);
  const early = follow(t, results.url, { observations: true });
  await until("the first snapshot", () => early.client.position?.epoch);
  await rig.show(["wolf"]);
  const enter = await until("the wolf enters", () =>
    early.events().find(({ type }) => type === Event_Type.ENTER),
  );
  assert.equal(enter.label, "wolf");
  assert.equal(enter.id, `${enter.epoch}-${enter.sequence}`);
  assert.ok(enter.happenedAtMs < enter.settledAtMs);
  assert.equal(enter.recognizer?.rung, "understudy");

  const late = follow(t, results.url);
  await until("the late joiner has a snapshot", () => late.client.position);
  assert.equal(late.client.state.get("wolf")?.presenceId, enter.presenceId);
  assert.deepEqual(late.events(), [], "a snapshot is no entrance");
  await rig.show([]);
  const exit = await until("the wolf leaves", () =>
    late.events().find(({ type }) => type === Event_Type.EXIT),
  );
  assert.equal(exit.presenceId, enter.presenceId);
  await until(
    "a heartbeat",
    () => late.client.heartbeat?.presenceRunning && late.client.heartbeat.newestObservationAtMs,
  );
  assert.ok(early.updates.some(({ kind }) => kind === "observation"));
  assert.ok(!late.updates.some(({ kind }) => kind === "observation"));

  const snapshot = (await (await fetch(`${results.url}/v1/snapshot`)).json()) as {
    labels: { label: string }[];
  };
  assert.deepEqual(snapshot.labels.map(({ label }) => label).toSorted(), [...CAST].toSorted());
  const metrics = await (await fetch(`${results.url}/metrics`)).text();
  assert.match(metrics, /followspot_results_events_appended_total [1-9]/);
  assert.match(metrics, /followspot_results_subscribers 2/);
  assert.match(metrics, /followspot_results_fan_out_seconds_count [1-9]/);
  assert.equal((await fetch(`${results.url}/health/ready`)).status, 200);
});

test("server-sent events resume from Last-Event-ID, or say that they cannot", {
  skip: withoutRedis,
}, async (t) => {
  const rig = await Rig.start(t);
  const results = await rig.results(t, { EVENT_WINDOW: "5" });
  await until("it leads", () => results.leading);
  const first = await readEventStream(t, `${results.url}/v1/events`);
  await until("a snapshot", () => first.some(({ name, id }) => name === "snapshot" && id !== ""));
  await rig.show(["wolf"]);
  const enter = await until("the wolf enters", () => {
    return first.find(({ message }) => message.case === "event" && message.value.type === Event_Type.ENTER);
  });
  assert.deepEqual(
    first.slice(0, 2).map(({ name }) => name),
    ["hello", "snapshot"],
  );
  assert.equal(enter.message.case === "event" && enter.message.value.id, enter.id);
  await rig.show([]);
  await until("the wolf leaves", () => {
    return first.some(({ message }) => message.case === "event" && message.value.type === Event_Type.EXIT);
  });

  const second = await readEventStream(t, `${results.url}/v1/events`, { "last-event-id": enter.id });
  await until("what was missed", () => second.some(({ name }) => name === "event"));
  assert.deepEqual(
    second.slice(0, 2).map(({ name }) => name),
    ["hello", "event"],
  );
  assert.ok(second[0]?.message.case === "hello" && second[0].message.value.recovered);

  for (let round = 0; round < 5; round += 1) {
    await rig.show(["wolf"]);
    await rig.show([]);
  }
  // Another replica knows only what the stream still holds.
  const fresh = await rig.results(t, { EVENT_WINDOW: "5" });
  for (const since of [enter.id, "0123456789ab-3", "nonsense"]) {
    const third = await readEventStream(t, `${fresh.url}/v1/events?since=${since}`);
    await until("an answer", () => third.length >= 2);
    assert.deepEqual(
      third.slice(0, 2).map(({ name }) => name),
      ["hello", "snapshot"],
      since,
    );
    assert.ok(third[0]?.message.case === "hello" && !third[0].message.value.recovered);
  }
});

test("before any leader there is a snapshot in which nobody is known to be absent", {
  skip: withoutRedis,
}, async (t) => {
  const rig = await Rig.start(t);
  await rig.client.set(`followspot:{test-show}:events:lease`, "somebody who does nothing");
  const results = await rig.results(t);
  const { client, updates } = follow(t, results.url);
  await until("a snapshot", () => client.position);
  assert.deepEqual(
    [...client.state.values()].map(({ state }) => state),
    CAST.map(() => Presence.UNKNOWN),
  );
  await until("a heartbeat", () => client.heartbeat);
  await rig.client.del(`followspot:{test-show}:events:lease`);
  await until("the log begins", () => client.position?.epoch);
  assert.ok(updates.every((update) => update.kind !== "snapshot" || update.why === "first"));
});

test("only who may read is let in, and only pages from allowed places read along", {
  skip: withoutRedis,
}, async (t) => {
  const rig = await Rig.start(t);
  const results = await rig.results(t, { FOLLOWSPOT_TOKENS: `read:${TOKEN},push:push-token-for-tests` });
  const snapshot = (headers: Record<string, string>, method = "GET") =>
    fetch(`${results.url}/v1/snapshot`, { method, headers });
  assert.equal((await snapshot({})).status, 401);
  assert.equal((await snapshot({ authorization: "Bearer push-token-for-tests" })).status, 403);
  const page = { authorization: `Bearer ${TOKEN}`, origin: "http://127.0.0.1:4600" };
  const allowed = await snapshot(page);
  assert.equal(allowed.status, 200);
  assert.equal(allowed.headers.get("access-control-allow-origin"), "http://127.0.0.1:4600");
  const preflight = await snapshot({ origin: "http://127.0.0.1:4600" }, "OPTIONS");
  assert.equal(preflight.status, 204);
  assert.match(preflight.headers.get("access-control-allow-headers") ?? "", /authorization/);
  const foreign = await snapshot({ ...page, origin: "https://example.com" });
  assert.equal(foreign.status, 403);
  assert.equal(foreign.headers.get("access-control-allow-origin"), null);

  const closedOut = new WebSocket(`${results.url.replace("http", "ws")}/v1/subscribe`);
  const [refused] = (await once(closedOut, "error")) as [Error];
  assert.match(refused.message, /401/);
  const welcome = follow(t, `${results.url}/?access_token=${TOKEN}`);
  await until("a snapshot", () => welcome.client.position);
});

test("who says no proper hello, or comes when it is full, is told why", { skip: withoutRedis }, async (t) => {
  const rig = await Rig.start(t);
  const results = await rig.results(t, { MAX_SUBSCRIBERS: "1" });
  const address = `${results.url.replace("http", "ws")}/v1/subscribe`;
  for (const [message, code] of [
    ["what?", 4000],
    [JSON.stringify({ resume: "all" }), 4000],
    ["x".repeat(5_000), 1009],
  ] as const) {
    const socket = new WebSocket(address);
    await once(socket, "open");
    socket.send(message);
    assert.equal((await once(socket, "close"))[0], code);
  }
  const first = new WebSocket(address);
  await once(first, "open");
  const full = await fetch(`${results.url}/v1/events`);
  assert.equal(full.status, 503);
  assert.match(await full.text(), /1 subscribers already/);
  first.terminate();
  await until("there is room again", async () => {
    const answer = await fetch(`${results.url}/v1/events`);
    await answer.body?.cancel();
    return answer.status === 200;
  });
});
