import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { create, fromJsonString } from "@bufbuild/protobuf";
import type { History, LogPosition } from "@followspot/events";
import { type Event, EventSchema, SnapshotSchema } from "@followspot/schema/followspot/v1/event";
import { ServerMessageSchema } from "@followspot/schema/followspot/v1/subscribe";
import fc from "fast-check";
import { Hub } from "./hub.ts";
import { Ring } from "./ring.ts";
import type { Outlet } from "./subscriber.ts";
import { formatPosition, parsePosition, WireMessage } from "./wire-message.ts";

function event(epoch: string, sequence: number): Event {
  return create(EventSchema, { id: `${epoch}-${sequence}`, epoch, sequence, label: "wolf" });
}

function snapshot(epoch: string, sequence: number) {
  return create(SnapshotSchema, { epoch, sequence });
}

/** The durable log as the hub sees it: `kept` events of one epoch, answered a few turns later. */
class FakeLog {
  epoch = "e1";
  newest = 0;
  oldest = 1;
  reads = 0;

  readonly readSince = async (position: LogPosition, atMost = 3): Promise<History> => {
    this.reads += 1;
    // The answer may be made before or after what happens while it is on its way.
    if (this.reads % 2 === 0) await turn();
    const history = this.#answer(position, atMost);
    await turn();
    return history;
  };

  #answer(position: LogPosition, atMost: number): History {
    const from = position.sequence + 1;
    if (position.epoch !== this.epoch || position.sequence > this.newest || from < this.oldest)
      return { recovered: false };
    const count = Math.min(atMost, this.newest - position.sequence);
    const events = Array.from({ length: count }, (_, index) => event(this.epoch, from + index));
    return { recovered: true, events, newest: { epoch: this.epoch, sequence: this.newest } };
  }
}

class FakeOutlet implements Outlet {
  bufferedBytes = 0;
  ended: string | undefined;
  readonly received: string[] = [];
  readonly #flushes: (() => void)[] = [];

  send(message: WireMessage, onFlushed: () => void): void {
    const { message: content } = fromJsonString(ServerMessageSchema, message.json.toString());
    if (content.case === "event") this.received.push(content.value.id);
    else if (content.case === "snapshot")
      this.received.push(`snapshot ${content.value.epoch}-${content.value.sequence}`);
    else if (content.case === "hello") this.received.push(`hello ${content.value.recovered}`);
    else this.received.push(content.case ?? "nothing");
    this.#flushes.push(onFlushed);
  }

  end(reason: "slow" | "stopping", goodbye: WireMessage): void {
    this.ended = reason;
    this.send(goodbye, () => {});
  }

  drain(): void {
    this.bufferedBytes = 0;
    for (const flushed of this.#flushes.splice(0)) flushed();
  }
}

function setUp(log = new FakeLog()) {
  const skipped: string[] = [];
  const ended: string[] = [];
  const hub = new Hub({
    showId: "test",
    labels: ["wolf"],
    readSince: log.readSince,
    nowMs: () => 1,
    onFannedOut: () => {},
    onSize: () => {},
    onEnded: (reason) => ended.push(reason),
    onSkipped: (reason) => skipped.push(reason),
  });
  const join = (resume?: LogPosition, observations = false) => {
    const outlet = new FakeOutlet();
    const subscriber = hub.join(outlet, { observations });
    return { outlet, subscriber, started: subscriber.start(resume) };
  };
  return { hub, log, join, skipped, ended };
}

test("wherever a subscriber comes in, what it gets is whole: resumed, live, behind, restarted, in any order", async () => {
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ kind: fc.constant("publish" as const), count: fc.integer({ min: 1, max: 6 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant("join" as const),
        back: fc.option(fc.integer({ min: -2, max: 12 })),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("fill" as const), which: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("drain" as const), which: fc.nat() }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("turn" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("trim" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("epoch" as const) }) },
    // As after a restart of the replica: the ring is empty, the log is not.
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("forget" as const) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const { hub, log, join } = setUp();
      log.newest = 10;
      hub.restart(snapshot("e1", 10), []);
      const joined: { outlet: FakeOutlet; started: Promise<unknown>; resume: LogPosition | undefined }[] = [];
      for (const action of steps) {
        const one = joined[("which" in action ? action.which : 0) % Math.max(joined.length, 1)];
        if (action.kind === "publish") {
          const events = Array.from({ length: action.count }, (_, index) =>
            event(log.epoch, log.newest + 1 + index),
          );
          log.newest += action.count;
          hub.publish(events);
        } else if (action.kind === "join") {
          const sequence = log.newest - (action.back ?? 0);
          const resume =
            action.back === null ? undefined : { epoch: log.epoch, sequence: Math.max(sequence, 0) };
          joined.push({ ...join(resume), resume });
        } else if (action.kind === "fill" && one) one.outlet.bufferedBytes = 300_000;
        else if (action.kind === "drain" && one) one.outlet.drain();
        else if (action.kind === "turn") await turn();
        else if (action.kind === "trim") log.oldest = Math.max(log.oldest, log.newest - 5);
        else if (action.kind === "forget") hub.restart(snapshot(log.epoch, log.newest), []);
        else if (action.kind === "epoch") {
          Object.assign(log, { epoch: `e${Number(log.epoch.slice(1)) + 1}`, newest: 0, oldest: 1 });
          hub.restart(snapshot(log.epoch, 0), []);
        }
      }
      await Promise.all(joined.map(({ started }) => started));
      // What was read in a last few turns may lead to further reading.
      for (let rest = 0; rest < 200; rest += 1) {
        for (const { outlet } of joined) outlet.drain();
        hub.sendAwaySlow();
        await turn();
      }
      for (const { outlet, resume } of joined) {
        assert.match(outlet.received[0] ?? "", /^hello/);
        let at: LogPosition | undefined = resume;
        for (const [index, line] of outlet.received.entries()) {
          if (line.startsWith("hello")) {
            if (index > 0) assert.equal(line, "hello false", "an interruption is told");
            continue;
          }
          const place = parsePosition(line.replace("snapshot ", ""));
          assert.ok(place);
          if (!line.startsWith("snapshot"))
            assert.deepEqual(place, { epoch: at?.epoch, sequence: (at?.sequence ?? 0) + 1 });
          at = place;
        }
        // Who resumed beyond the newest event was told so with a snapshot.
        assert.deepEqual(at, hub.position);
      }
    }),
    { numRuns: 300 },
  );
});

test("a reconnect after a short absence never asks the log", async () => {
  const { hub, log, join } = setUp();
  hub.restart(snapshot("e1", 3), [event("e1", 2), event("e1", 3)]);
  hub.publish([event("e1", 4)]);
  const { outlet, started } = join({ epoch: "e1", sequence: 1 });
  await started;
  assert.deepEqual(outlet.received, ["hello true", "e1-2", "e1-3", "e1-4"]);
  assert.equal(log.reads, 0);
});

test("a subscriber that another replica told more is not told that anything was lost", async () => {
  const { hub, log, join } = setUp();
  hub.restart(snapshot("e1", 3), []);
  log.newest = 5;
  const { outlet, started } = join({ epoch: "e1", sequence: 5 });
  await started;
  hub.publish([event("e1", 4), event("e1", 5), event("e1", 6)]);
  assert.deepEqual(outlet.received, ["hello true", "e1-6"]);
});

test("who is full gets nothing more, and is sent away when it lasts or grows", async (t) => {
  t.mock.method(performance, "now", () => nowMs);
  let nowMs = 1_000;
  const { hub, join, ended, skipped } = setUp();
  hub.restart(snapshot("e1", 0), []);
  const [slow, huge, fine] = [join(undefined, true), join(), join(undefined, true)];
  await Promise.all([slow.started, huge.started, fine.started]);
  slow.outlet.bufferedBytes = 300_000;
  huge.outlet.bufferedBytes = 1_100_000;
  hub.publish([event("e1", 1)]);
  const heartbeat = WireMessage.of({ case: "heartbeat", value: {} });
  hub.heartbeat(heartbeat);
  hub.sendAwaySlow();
  assert.deepEqual(ended, ["slow"]);
  assert.equal(huge.outlet.ended, "slow");
  assert.deepEqual(slow.outlet.received.slice(2), []);
  assert.deepEqual(fine.outlet.received.slice(2), ["e1-1", "heartbeat"]);
  assert.equal(skipped.length, 2);

  nowMs += 4_000;
  slow.outlet.drain();
  assert.deepEqual(slow.outlet.received.slice(2), ["e1-1"]);
  slow.outlet.bufferedBytes = 300_000;
  hub.publish([event("e1", 2)]);
  nowMs += 4_900;
  hub.sendAwaySlow();
  assert.equal(slow.outlet.ended, undefined, "it has drained in between");
  nowMs += 200;
  hub.sendAwaySlow();
  assert.equal(slow.outlet.ended, "slow");
  assert.deepEqual(ended, ["slow", "slow"]);
  assert.equal(fine.outlet.ended, undefined);
});

test("the ring holds the newest, and nothing else", () => {
  const ring = new Ring(3, 5);
  const messages = [5, 6, 7, 8].map((sequence) =>
    WireMessage.of({ case: "event", value: event("e", sequence) }),
  );
  for (const message of messages) ring.push(message);
  assert.equal(ring.get(5), undefined);
  assert.deepEqual(
    [6, 7, 8].map((sequence) => ring.get(sequence)),
    messages.slice(1),
  );
  assert.equal(ring.get(9), undefined);
});

test("a position survives its text, and nothing else is one", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9a-f]{12}$/), fc.nat(0xffff_ffff), (epoch, sequence) => {
      assert.deepEqual(parsePosition(formatPosition({ epoch, sequence })), { epoch, sequence });
    }),
  );
  for (const text of ["", "-", "e1", "e1-", "e1-x", "e1-99999999999", "E-1", "a b-1"])
    assert.equal(parsePosition(text), undefined);
});
