import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { fromJsonString } from "@bufbuild/protobuf";
import { FollowspotClient, type Update } from "@followspot/client";
import { type Event, Event_Type } from "@followspot/schema/followspot/v1/event";
import { type ServerMessage, ServerMessageSchema } from "@followspot/schema/followspot/v1/subscribe";

export function follow(t: TestContext, url: string, options: { observations?: boolean } = {}) {
  const client = new FollowspotClient({ url, ...options });
  const updates: Update[] = [];
  client.subscribe((update) => updates.push(update));
  t.after(() => client.close());
  const events = () => updates.flatMap((update) => (update.kind === "event" ? [update.event] : []));
  const count = (label: string, type: Event_Type) =>
    events().filter((event) => event.label === label && event.type === type).length;
  return { client, updates, events, count };
}

/**
 * What a subscriber may say it saw: an unbroken row of events from each snapshot on, no id twice, no two contents for
 * an id, and of each label entrances and exits in turn.
 */
export function checkHistory(histories: readonly (readonly Update[])[]): void {
  const contents = new Map<string, string>();
  for (const updates of histories) {
    const ids = new Set<string>();
    const present = new Map<string, boolean>();
    let epoch = "";
    let sequence = 0;
    for (const update of updates) {
      if (update.kind === "snapshot") ({ epoch, sequence } = update.snapshot);
      if (update.kind !== "event") continue;
      const { event } = update;
      assert.equal(event.epoch, epoch);
      assert.equal(event.sequence, sequence + 1, "without a hole");
      sequence = event.sequence;
      assert.ok(!ids.has(event.id), `${event.id} came twice`);
      ids.add(event.id);
      const content = fingerprint(event);
      assert.equal(contents.get(event.id) ?? content, content, "one id, one content");
      contents.set(event.id, content);
      if (event.type !== Event_Type.ENTER && event.type !== Event_Type.EXIT) continue;
      const enters = event.type === Event_Type.ENTER;
      assert.notEqual(present.get(event.label) ?? !enters, enters, `${event.label} takes turns`);
      present.set(event.label, enters);
    }
  }
}

function fingerprint({ type, label, happenedAtMs, settledAtMs, presenceId }: Event): string {
  return [type, label, happenedAtMs, settledAtMs, presenceId].join(" ");
}

export interface StreamedMessage {
  readonly id: string;
  readonly name: string;
  readonly message: ServerMessage["message"];
}

/** Reads server-sent events as a browser does. */
export async function readEventStream(
  t: TestContext,
  url: string,
  headers: Record<string, string> = {},
): Promise<StreamedMessage[]> {
  const stop = new AbortController();
  t.after(() => stop.abort());
  const response = await fetch(url, { headers, signal: stop.signal });
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "text/event-stream");
  const messages: StreamedMessage[] = [];
  const read = async () => {
    let text = "";
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString();
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        messages.push(parse(text.slice(0, end)));
        text = text.slice(end + 2);
      }
    }
  };
  read().catch(() => {});
  return messages;
}

function parse(block: string): StreamedMessage {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? "";
  return { id: field("id"), name: field("event"), message: fromJsonString(ServerMessageSchema, field("data")).message };
}
