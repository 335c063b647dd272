import assert from "node:assert/strict";
import { test } from "node:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { EventSchema, Event_Type, Presence, SnapshotSchema } from "@followspot/schema/followspot/v1/event";
import { groupEvents } from "../../page/event-groups.ts";
import type { CastEntry } from "../../page/show-document.ts";
import { StageState } from "../../page/stage-state.ts";

const CAST: CastEntry[] = [
  { id: "red", kind: "character", name: "Red" },
  { id: "wolf", kind: "character", name: "Wolf" },
  { id: "axe", kind: "prop", name: "Axe" },
];

function event(stage: StageState, init: MessageInitShape<typeof EventSchema>) {
  stage.apply({ kind: "event", event: create(EventSchema, init) });
}

test("nothing is said about anybody before results has spoken", () => {
  const stage = new StageState(CAST);
  assert.deepEqual(
    stage.cast.map(({ presence }) => presence),
    ["waiting", "waiting", "waiting"],
  );
});

test("a snapshot says who is there and is never an entrance", () => {
  const stage = new StageState(CAST);
  const labels = [
    { label: "red", state: Presence.PRESENT, sinceMs: 5_000, confidence: 0.9 },
    { label: "wolf", state: Presence.UNKNOWN, sinceMs: 6_000 },
    { label: "stranger", state: Presence.PRESENT },
  ];
  stage.apply({ kind: "snapshot", why: "first", snapshot: create(SnapshotSchema, { epoch: "e", labels }) });
  assert.deepEqual(
    stage.cast.map(({ presence }) => presence),
    ["present", "unknown", "waiting"],
  );
  assert.deepEqual(stage.events, []);
});

test("an event changes one state and stands first in the log", () => {
  const stage = new StageState(CAST);
  event(stage, {
    id: "e-1",
    type: Event_Type.ENTER,
    label: "wolf",
    state: Presence.PRESENT,
    happenedAtMs: 7_000,
  });
  event(stage, {
    id: "e-2",
    type: Event_Type.EXIT,
    label: "wolf",
    state: Presence.ABSENT,
    happenedAtMs: 9_000,
  });
  assert.deepEqual(stage.cast.find(({ entry }) => entry.id === "wolf")?.presence, "absent");
  assert.deepEqual(
    stage.events.map(({ type, name }) => `${name} ${type}`),
    ["Wolf exit", "Wolf enter"],
  );
});

test("the log is bounded", () => {
  const stage = new StageState(CAST);
  for (let sequence = 1; sequence <= 500; sequence += 1) {
    event(stage, { id: `e-${sequence}`, type: Event_Type.ENTER, label: "red", state: Presence.PRESENT });
  }
  assert.ok(stage.events.length < 100);
  assert.equal(stage.events[0]?.id, "e-500");
});

test("a blackout is one line of the log, entrances are a line each", () => {
  const stage = new StageState(CAST);
  const reason = "stage is dark";
  event(stage, {
    id: "e-1",
    type: Event_Type.ENTER,
    label: "red",
    state: Presence.PRESENT,
    happenedAtMs: 1_000,
  });
  event(stage, {
    id: "e-2",
    type: Event_Type.ENTER,
    label: "axe",
    state: Presence.PRESENT,
    happenedAtMs: 1_000,
  });
  for (const [index, { id }] of CAST.entries()) {
    const at = { state: Presence.UNKNOWN, happenedAtMs: 2_000 + index };
    event(stage, { id: `e-${index + 3}`, type: Event_Type.UNKNOWN, label: id, reason, ...at });
  }
  const groups = groupEvents(stage.events);
  assert.deepEqual(
    groups.map(({ id, names }) => `${id} ${names.join("+")}`),
    ["e-3 Red+Wolf+Axe", "e-2 Axe", "e-1 Red"],
  );
});
