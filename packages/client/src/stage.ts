import { create } from "@bufbuild/protobuf";
import {
  type Event,
  Event_Type,
  type LabelState,
  LabelStateSchema,
  type Snapshot,
  SnapshotSchema,
} from "@followspot/schema/followspot/v1/event";
import type { SnapshotReason } from "./update.ts";

export interface StagePosition {
  readonly epoch: string;
  readonly sequence: number;
}

/** What a subscriber knows of the stage, and which event it knows last. */
export class Stage {
  readonly #labels = new Map<string, LabelState>();
  #position: StagePosition | undefined;
  #asOfMs = 0;

  constructor(from?: Snapshot) {
    if (from) this.replace(from);
  }

  get labels(): ReadonlyMap<string, LabelState> {
    return this.#labels;
  }

  /** Undefined until the first snapshot. */
  get position(): StagePosition | undefined {
    return this.#position;
  }

  get snapshot(): Snapshot | undefined {
    if (!this.#position) return undefined;
    return create(SnapshotSchema, {
      ...this.#position,
      asOfMs: this.#asOfMs,
      labels: [...this.#labels.values()],
    });
  }

  /** Replaces everything. */
  replace({ epoch, sequence, asOfMs, labels }: Snapshot): SnapshotReason {
    const before = this.#position;
    this.#asOfMs = asOfMs;
    this.#position = { epoch, sequence };
    this.#labels.clear();
    for (const state of labels) this.#labels.set(state.label, state);
    // Without an epoch there was no log yet, and nothing known of anybody.
    if (!before?.epoch) return "first";
    return before.epoch === epoch ? "missed" : "new-epoch";
  }

  /** `known`: came before. `gap`: does not follow what is known, so the connection is not to be trusted. */
  apply(event: Event): "applied" | "known" | "gap" {
    const at = this.#position;
    if (!at || event.epoch !== at.epoch || event.sequence > at.sequence + 1) return "gap";
    if (event.sequence <= at.sequence) return "known";
    this.#position = { epoch: event.epoch, sequence: event.sequence };
    this.#asOfMs = event.recordedAtMs;
    const { label, state, happenedAtMs: sinceMs, confidence, frame } = event;
    const presenceId = event.type === Event_Type.EXIT ? "" : event.presenceId;
    const cameraId = frame?.cameraId ?? "";
    const after = create(LabelStateSchema, { label, state, sinceMs, confidence, presenceId, cameraId });
    this.#labels.set(label, after);
    return "applied";
  }
}
