import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { FollowspotClient, type Update } from "@followspot/client";
import { Event_Type, Presence } from "@followspot/schema/followspot/v1/event";
import { until, withoutRedis } from "@followspot/testkit";
import { Rig } from "./testdata/rig.ts";

function subscriber(t: TestContext, url: string, options: { observations?: boolean } = {}) {
  const client = new FollowspotClient({ url, ...options });
  const updates: Update[] = [];
  client.subscribe((update) => updates.push(update));
  t.after(() => client.close());
  const events = () => updates.flatMap((update) => (update.kind === "event" ? [update.event] : []));
  return { client, updates, events };
}

test("a subscriber learns who is there, who enters and who leaves", { skip: withoutRedis }, async (t) => {
  const rig = await Rig.start(t);
  const results = await rig.results(t);
  await until("it leads", () => results.leading);
  const early = subscriber(t, results.url, { observations: true });
  await until("the first snapshot is there", () => early.client.position?.epoch);

  await rig.show(["wolf"]);
  const enter = await until("the wolf enters", () =>
    early.events().find(({ type }) => type === Event_Type.ENTER),
  );
  assert.equal(enter.label, "wolf");
  assert.equal(enter.id, `${enter.epoch}-${enter.sequence}`);
  assert.ok(enter.happenedAtMs < enter.settledAtMs);
  assert.equal(early.client.state.get("wolf")?.state, Presence.PRESENT);

  const late = subscriber(t, results.url);
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
  assert.equal(late.client.heartbeat?.recognizer?.rung, "understudy");
  assert.ok(early.updates.some(({ kind }) => kind === "observation"));
  assert.ok(!late.updates.some(({ kind }) => kind === "observation"));
});
