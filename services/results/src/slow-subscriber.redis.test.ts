import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { fromJsonString } from "@bufbuild/protobuf";
import { EventLog } from "@followspot/events";
import { Event_Type, Presence } from "@followspot/schema/followspot/v1/event";
import { type ServerMessage, ServerMessageSchema } from "@followspot/schema/followspot/v1/subscribe";
import { silentLog, until, withoutRedis } from "@followspot/testkit";
import { WebSocket } from "ws";
import { Rig, SHOW_ID } from "./testdata/rig.ts";
import { follow } from "./testdata/subscriber.ts";

/** More than the buffers of two kernels and of the service together hold. */
const EVENTS = 4_000;
const REASON = "because it was seen ".repeat(250);
const PER_APPEND = 50;

test("who does not read is sent away with a goodbye and resumes; the others notice nothing", {
  skip: withoutRedis,
}, async (t) => {
  const rig = await Rig.start(t);
  const wire = { redisUrl: rig.redis.url, showId: SHOW_ID, log: silentLog() };
  // The test leads, so that it decides how much there is to send.
  const log = await EventLog.connect({ ...wire, nowMs: () => rig.nowMs(), leaseMs: 60_000 });
  t.after(() => log.close());
  const lease = await until("the lease", () => log.acquireLease());
  t.after(() => lease.close());
  const state = { labels: [], presence: "", cursor: "0-0" };
  let position = await log.begin(lease, state);
  const results = await rig.results(t);
  const steady = follow(t, results.url);
  await until("a snapshot", () => steady.client.position?.epoch);

  const slow = new SlowReader(results.url, {});
  t.after(() => slow.close());
  await until("the slow one has a snapshot", () =>
    slow.messages.some(({ case: kind }) => kind === "snapshot"),
  );
  slow.pause();
  while (position.sequence < EVENTS) {
    const events = Array.from({ length: PER_APPEND }, () => ({
      type: Event_Type.HOLD,
      label: "wolf",
      state: Presence.PRESENT,
      presenceId: "wolf-1",
      happenedAtMs: 1,
      settledAtMs: 1,
      confidence: 1,
      reason: REASON,
    }));
    ({ position } = await log.append(lease, position, { ...state, events }));
  }
  await until("the steady one has all", () => steady.client.position?.sequence === EVENTS, 60_000);
  const metric = /subscribers_refused_total\{reason="slow"\} 1/;
  await until(
    "the slow one is sent away",
    async () => metric.test(await (await fetch(`${results.url}/metrics`)).text()),
    30_000,
  );
  slow.resume();
  assert.equal(await slow.closed, 4008);
  const goodbye = slow.messages.at(-1);
  assert.ok(goodbye?.case === "goodbye");
  assert.equal(goodbye.value.reason, "slow");
  const last = slow.sequences().at(-1) ?? 0;
  assert.equal(goodbye.value.position?.sequence, last, "the place to resume from is the last that it got");
  assert.ok(last < EVENTS);

  const again = new SlowReader(results.url, { resume: { epoch: position.epoch, sequence: last } });
  t.after(() => again.close());
  await until("it has the rest", () => again.sequences().at(-1) === EVENTS, 60_000);
  assert.deepEqual(
    [...slow.sequences(), ...again.sequences()],
    Array.from({ length: EVENTS }, (_, index) => index + 1),
  );
  assert.ok(!steady.updates.some(({ kind }) => kind === "disconnected"));
});

class SlowReader {
  readonly messages: ServerMessage["message"][] = [];
  readonly closed: Promise<number>;
  readonly #socket: WebSocket;

  constructor(url: string, hello: object) {
    this.#socket = new WebSocket(`${url.replace("http", "ws")}/v1/subscribe`);
    this.#socket.on("open", () => this.#socket.send(JSON.stringify(hello)));
    this.#socket.on("message", (data) => {
      assert.ok(Buffer.isBuffer(data));
      this.messages.push(fromJsonString(ServerMessageSchema, data.toString()).message);
    });
    this.closed = once(this.#socket, "close").then(([code]) => code as number);
  }

  sequences(): number[] {
    return this.messages.flatMap((message) => (message.case === "event" ? [message.value.sequence] : []));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.terminate();
  }
}
