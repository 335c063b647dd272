import assert from "node:assert/strict";
import { test } from "node:test";
import { Event_Type, Presence } from "@followspot/schema/followspot/v1/event";
import { until, withoutRedis } from "@followspot/testkit";
import { Rig } from "./testdata/rig.ts";
import { checkHistory, follow } from "./testdata/subscriber.ts";

const PATIENCE_MS = 60_000;

test("the leader is killed again and again: no event is lost, none comes twice", {
  skip: withoutRedis,
}, async (t) => {
  const rig = await Rig.start(t);
  const replicas = [await rig.results(t), await rig.results(t)];
  // One that stays lets the subscriber's history be whole although its neighbours die.
  const witness = follow(t, (await rig.results(t)).url);
  await until("the witness has a snapshot", () => witness.client.position?.epoch);

  const ROUNDS = 24;
  for (let round = 0; round < ROUNDS; round += 1) {
    const leading = replicas.findIndex((replica) => replica.leading);
    if (round % 6 === 3 && leading >= 0) {
      // In the middle of a run of evidence.
      await rig.observe(["wolf"]);
      await replicas[leading]?.kill();
      replicas[leading] = await rig.results(t);
    }
    await rig.show(["wolf"]);
    await rig.show([]);
  }
  await until("every exit came", () => witness.count("wolf", Event_Type.EXIT) === ROUNDS, PATIENCE_MS);
  assert.equal(witness.count("wolf", Event_Type.ENTER), ROUNDS);
  assert.ok(witness.updates.every((update) => update.kind !== "connected" || update.recovered));
  checkHistory([witness.updates]);
});

test("a subscriber of a replica that is killed resumes at another", { skip: withoutRedis }, async (t) => {
  const rig = await Rig.start(t);
  const one = await rig.results(t);
  const two = await rig.results(t);
  const steady = follow(t, two.url);
  const moving = follow(t, one.url);
  await until("both have a snapshot", () => steady.client.position?.epoch && moving.client.position?.epoch);
  await rig.show(["wolf"]);
  await until("both saw the wolf", () =>
    [steady, moving].every((it) => it.count("wolf", Event_Type.ENTER) === 1),
  );
  await one.kill();
  await rig.show([]);
  await until("the other saw it leave", () => steady.count("wolf", Event_Type.EXIT) === 1, PATIENCE_MS);
  // The address moves to another process, as behind a load balancer.
  await rig.results(t, { PORT: String(one.port) });
  await until("it leaves here too", () => moving.count("wolf", Event_Type.EXIT) === 1, PATIENCE_MS);
  assert.ok(moving.updates.every((update) => update.kind !== "connected" || update.recovered));
  checkHistory([steady.updates, moving.updates]);
});

test("Redis is killed and restarted with its file: what was told stays true and goes on", {
  skip: withoutRedis,
}, async (t) => {
  const rig = await Rig.start(t, { appendOnly: true });
  const results = await rig.results(t);
  const subscriber = follow(t, results.url);
  await until("a snapshot", () => subscriber.client.position?.epoch);
  await rig.show(["wolf"]);
  await until("the wolf enters", () => subscriber.count("wolf", Event_Type.ENTER) === 1);
  await rig.redis.kill();
  await until(
    "the outage is told",
    () => subscriber.client.heartbeat?.presenceRunning === false,
    PATIENCE_MS,
  );
  await rig.redis.restart();
  await until("it leads again", () => subscriber.client.heartbeat?.presenceRunning, PATIENCE_MS);
  await rig.show([]);
  await rig.show(["wolf", "basket"]);
  await until("the basket enters", () => subscriber.count("basket", Event_Type.ENTER) === 1, PATIENCE_MS);
  await until("the wolf is back", () => subscriber.count("wolf", Event_Type.ENTER) === 2, PATIENCE_MS);
  const missed = subscriber.updates.filter((update) => update.kind === "snapshot" && update.why !== "first");
  assert.deepEqual(missed, []);
  checkHistory([subscriber.updates]);
});

test("Redis is wiped: a new epoch, told to all, in which nobody enters anew", {
  skip: withoutRedis,
}, async (t) => {
  const rig = await Rig.start(t);
  const replicas = [await rig.results(t), await rig.results(t)];
  const subscribers = replicas.map(({ url }) => follow(t, url));
  await until("snapshots", () => subscribers.every(({ client }) => client.position?.epoch));
  await rig.show(["wolf"]);
  await until("the wolf enters", () => subscribers.every((it) => it.count("wolf", Event_Type.ENTER) === 1));
  const before = subscribers[0]?.client.position?.epoch;
  await rig.client.flushall();
  const fresh = () => subscribers.every(({ client }) => client.position?.epoch !== before);
  await until("the new epoch is told", fresh, PATIENCE_MS);
  for (const { updates } of subscribers) {
    const last = updates.findLast(({ kind }) => kind === "snapshot");
    assert.equal(last?.kind === "snapshot" && last.why, "new-epoch");
    assert.ok(updates.some((update) => update.kind === "connected" && !update.recovered));
  }
  await rig.show(["wolf", "basket"], 8);
  await until(
    "the basket enters",
    () => subscribers.every((it) => it.count("basket", Event_Type.ENTER) === 1),
    PATIENCE_MS,
  );
  await until("the wolf is known again", () =>
    subscribers.every(({ client }) => client.state.get("wolf")?.state === Presence.PRESENT),
  );
  for (const it of subscribers)
    assert.equal(it.count("wolf", Event_Type.ENTER), 1, "it was there all the time");
  checkHistory(subscribers.map(({ updates }) => updates));
});

test("told to stop, a replica hands over at once and says goodbye", { skip: withoutRedis }, async (t) => {
  const rig = await Rig.start(t);
  const one = await rig.results(t, { LEASE_MS: "30000" });
  await until("it leads", () => one.leading);
  const two = await rig.results(t, { LEASE_MS: "1000" });
  const subscriber = follow(t, one.url);
  await until("a snapshot", () => subscriber.client.position?.epoch);
  await one.kill("SIGTERM");
  assert.equal(one.child.exitCode, 0);
  await until("the other leads long before the lease would have run out", () => two.leading, 15_000);
  const gone = subscriber.updates.find(({ kind }) => kind === "disconnected");
  assert.equal(gone?.kind === "disconnected" && gone.reason, "stopping");
});
