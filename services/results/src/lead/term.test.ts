import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import type { Entry, Head, Lease, LogPosition } from "@followspot/events";
import { type LabelStanding, PRESENCE_DEFAULTS } from "@followspot/presence";
import { Presence, SnapshotSchema } from "@followspot/schema/followspot/v1/event";
import { ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import { Term } from "./term.ts";

const lease = {} as Lease;

/** A log of one writer, which the test may make fail. */
class FakeLog {
  head: Head | undefined;
  failure: Error | undefined;
  readonly entries: Entry[] = [];
  readonly begun: string[] = [];

  async acquireLease(): Promise<undefined> {}

  async read(): Promise<Head | undefined> {
    return this.head;
  }

  async begin(_lease: Lease, entry: Omit<Entry, "events">, mode = "new"): Promise<LogPosition> {
    this.begun.push(mode);
    const position = { epoch: `e${this.begun.length}`, sequence: 0 };
    this.#store(position, { ...entry, events: [] });
    return position;
  }

  async append(_lease: Lease, after: LogPosition, entry: Entry) {
    if (this.failure) throw this.failure;
    const position = { epoch: after.epoch, sequence: after.sequence + entry.events.length };
    this.entries.push(entry);
    this.#store(position, entry);
    return { events: [], position };
  }

  #store(position: LogPosition, { presence, cursor, labels }: Entry): void {
    const snapshot = create(SnapshotSchema, { ...position, labels: [...labels] });
    this.head = { position, presence, cursor, snapshot };
  }

  told(): string[] {
    return this.entries.flatMap(({ events }) =>
      events.map(({ label, state }) => `${label} ${Presence[state]}`),
    );
  }
}

function setUp(log = new FakeLog(), lastTold: LabelStanding[] = []) {
  const time = { nowMs: 1_000_000, lost: [] as string[] };
  const deps = {
    events: log,
    observations: { newestId: async () => "5-0", read: async function* () {} },
    presence: { labels: ["wolf"], ...PRESENCE_DEFAULTS },
    nowMs: () => time.nowMs,
    lostCameras: () => time.lost,
    lastTold: () => lastTold,
    onAppended: () => {},
  };
  let frames = 0;
  const look = (term: Term, atMs: number, seen: boolean) => {
    frames += 1;
    const observation = create(ObservationSchema, {
      frame: { cameraId: "stage", run: 1, sequence: frames, capturedAtMs: atMs },
      labels: [{ label: "wolf", score: seen ? 0.9 : 0.1 }],
      light: 0.5,
      answeredAtMs: atMs,
    });
    return term.observe({ id: `${frames}-7`, observation });
  };
  return { log, deps, time, look };
}

test("events, the filter's memory and the place in the observations are appended as one", async () => {
  const { log, deps, look } = setUp();
  const term = await Term.begin(lease, deps);
  assert.deepEqual(log.begun, ["new"]);
  assert.equal(term.memory.cursor, "5-0", "older observations are no news");
  for (let frame = 0; frame < 4; frame += 1) await look(term, 1_000_000 + frame * 100, true);
  assert.deepEqual(log.told(), ["wolf PRESENT"]);
  assert.equal(log.head?.cursor, "4-7");

  const next = await Term.begin(lease, deps);
  assert.deepEqual(next.memory.position, { epoch: "e1", sequence: 1 });
  for (let frame = 4; frame < 8; frame += 1) await look(next, 1_000_000 + frame * 100, true);
  assert.deepEqual(log.told(), ["wolf PRESENT"], "the next leader knows that it is there");
});

test("time does not pass while observations from before are still to be counted", async (t) => {
  let monotonicMs = 0;
  t.mock.method(performance, "now", () => monotonicMs);
  const { log, deps, time, look } = setUp();
  const term = await Term.begin(lease, deps);
  // The log was without a leader for a minute.
  for (let frame = 0; frame < 4; frame += 1) await look(term, time.nowMs - 60_000 + frame * 100, true);
  await term.tick();
  assert.deepEqual(log.told(), ["wolf PRESENT"], "no silence: the answers are there, only not counted yet");
  for (let frame = 0; frame < 4; frame += 1) await look(term, time.nowMs - 400 + frame * 100, true);
  await term.tick();
  assert.deepEqual(log.told(), ["wolf PRESENT"]);
  monotonicMs += 5_000;
  time.nowMs += 5_000;
  await term.tick();
  assert.deepEqual(log.told(), ["wolf PRESENT", "wolf UNKNOWN"], "this silence is one");
});

test("a camera that ingest reports lost makes its labels unknown", async () => {
  const { log, deps, time, look } = setUp();
  const term = await Term.begin(lease, deps);
  for (let frame = 0; frame < 4; frame += 1) await look(term, time.nowMs + frame * 100, true);
  time.lost = ["stage"];
  await term.tick();
  assert.deepEqual(log.told(), ["wolf PRESENT", "wolf UNKNOWN"]);
});

test("after an append that failed nothing follows, and what is remembered is what the log has", async () => {
  const { log, deps, look } = setUp();
  const term = await Term.begin(lease, deps);
  const before = term.memory;
  log.failure = new Error("no answer");
  for (let frame = 0; frame < 3; frame += 1) await look(term, 1_000_000 + frame * 100, true);
  await assert.rejects(look(term, 1_000_300, true), /no answer/);
  log.failure = undefined;
  await assert.rejects(look(term, 1_000_400, true), /no answer/);
  await assert.rejects(term.checkpoint(), /no answer/);
  assert.deepEqual(term.memory, before);
  assert.deepEqual(log.told(), []);
});

test("a log that lost events, or is gone, begins anew with who is on stage, without entrances", async () => {
  const { log, deps, look } = setUp();
  const term = await Term.begin(lease, deps);
  for (let frame = 0; frame < 4; frame += 1) await look(term, 1_000_000 + frame * 100, true);
  assert.ok(log.head);
  log.head = { ...log.head, position: { epoch: "e1", sequence: 0 } };
  const second = await Term.begin(lease, deps, term.memory);
  assert.deepEqual(log.begun, ["new", "replace"]);
  log.head = undefined;
  const third = await Term.begin(lease, deps, second.memory);
  assert.equal(third.memory.position.epoch, "e3");
  for (let frame = 4; frame < 12; frame += 1) await look(third, 1_000_000 + frame * 100, true);
  assert.deepEqual(log.told(), ["wolf PRESENT"], "said once, in the first epoch");

  // A replica that never led knows only what subscribers were told.
  const told = {
    label: "wolf",
    state: "PRESENT",
    sinceMs: 9,
    confidence: 0.9,
    presenceId: "wolf-1",
    cameraId: "stage",
  } as const;
  const other = setUp(new FakeLog(), [told]);
  const fresh = await Term.begin(lease, other.deps);
  for (let frame = 0; frame < 8; frame += 1) await other.look(fresh, 1_000_000 + frame * 100, true);
  assert.deepEqual(other.log.told(), ["wolf PRESENT"]);
  assert.equal(other.log.entries[0]?.events[0]?.presenceId, "wolf-1");
});
