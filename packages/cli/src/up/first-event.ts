import type { FollowspotClient } from "@followspot/client";
import { type Event, EventSchema } from "@followspot/schema/followspot/v1/event";
import { type JsonValue, toJson } from "@bufbuild/protobuf";

/** The first event that a subscriber gets. @throws Error when `signal` aborts before. */
export async function firstEvent(client: FollowspotClient, signal: AbortSignal): Promise<Event> {
  for await (const update of client.updates(signal)) {
    if (update.kind === "event") return update.event;
  }
  signal.throwIfAborted();
  throw new Error("the subscription ended before the first event");
}

export function eventJson(event: Event): JsonValue {
  return toJson(EventSchema, event);
}
