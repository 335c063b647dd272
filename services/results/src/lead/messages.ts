import type { EventDraft } from "@followspot/events";
import type { LabelStanding, PresenceChange } from "@followspot/presence";
import { Event_Type, type LabelState, Presence } from "@followspot/schema/followspot/v1/event";

/** What the filter decided, in the words of the wire. */
export function toDraft(change: PresenceChange): EventDraft {
  const { type, state, ...same } = change;
  return { ...same, type: Event_Type[type], state: Presence[state] };
}

export function toLabelState(standing: LabelStanding) {
  return { ...standing, state: Presence[standing.state] };
}

/** Of a label that is unknown, its presence id tells whether it was on stage before. */
export function fromLabelState({
  label,
  state,
  sinceMs,
  confidence,
  presenceId,
  cameraId,
}: LabelState): LabelStanding {
  const told = state === Presence.PRESENT ? "PRESENT" : state === Presence.ABSENT ? "ABSENT" : "UNKNOWN";
  return { label, state: told, sinceMs, confidence, presenceId, cameraId };
}
