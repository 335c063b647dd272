import { create } from "@bufbuild/protobuf";
import {
  type Event,
  Event_Type,
  type LabelState,
  LabelStateSchema,
  type Snapshot,
} from "@followspot/schema/followspot/v1/event";

/** What an event leaves behind. */
export function stateAfter(event: Event): LabelState {
  const { label, state, happenedAtMs, confidence } = event;
  return create(LabelStateSchema, {
    label,
    state,
    sinceMs: happenedAtMs,
    confidence,
    // The exit closes it.
    presenceId: event.type === Event_Type.EXIT ? "" : event.presenceId,
    cameraId: event.frame?.cameraId ?? "",
  });
}

/** The snapshot after an event that follows it. */
export function applyEvent(snapshot: Snapshot, event: Event): Snapshot {
  const after = stateAfter(event);
  const known = snapshot.labels.some(({ label }) => label === event.label);
  const labels = known
    ? snapshot.labels.map((state) => (state.label === event.label ? after : state))
    : [...snapshot.labels, after];
  return { ...snapshot, sequence: event.sequence, asOfMs: event.recordedAtMs, labels };
}
