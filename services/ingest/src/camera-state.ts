import { create } from "@bufbuild/protobuf";
import {
  CameraStatus_State,
  CameraStatusSchema,
  type CameraStatus,
} from "@followspot/schema/followspot/v1/frame";
import type { DropReason } from "./pictures/drop-reasons.ts";

export { CameraStatus_State as State } from "@followspot/schema/followspot/v1/frame";

/** What is known about one camera. Tells `onChange` when its state or sentence changes. */
export class CameraState {
  readonly #cameraId: string;
  readonly #source: string;
  readonly #nowMs: () => number;
  readonly #onChange: () => void;
  readonly #dropped = new Map<DropReason, number>();
  #state: CameraStatus_State = CameraStatus_State.CONNECTING;
  #detail = "is being opened";
  #sinceMs: number;
  #newestFrameAtMs = 0;
  #received = 0;
  #sent = 0;
  /** How often the camera was opened. */
  attempts = 0;

  constructor(options: {
    readonly cameraId: string;
    /** Without credentials. */
    readonly source: string;
    readonly nowMs: () => number;
    readonly onChange: () => void;
  }) {
    this.#cameraId = options.cameraId;
    this.#source = options.source;
    this.#nowMs = options.nowMs;
    this.#onChange = options.onChange;
    this.#sinceMs = options.nowMs();
  }

  get state(): CameraStatus_State {
    return this.#state;
  }

  set(state: CameraStatus_State, detail: string): void {
    if (state === this.#state && detail === this.#detail) return;
    if (state !== this.#state) this.#sinceMs = this.#nowMs();
    this.#state = state;
    this.#detail = detail;
    this.#onChange();
  }

  received(): void {
    this.#received += 1;
  }

  ended(outcome: "sent" | DropReason, arrivedMs: number | undefined): void {
    if (outcome === "sent") {
      this.#sent += 1;
      this.#newestFrameAtMs = Math.max(this.#newestFrameAtMs, arrivedMs ?? 0);
    } else this.#dropped.set(outcome, (this.#dropped.get(outcome) ?? 0) + 1);
  }

  report(): CameraStatus {
    return create(CameraStatusSchema, {
      cameraId: this.#cameraId,
      state: this.#state,
      detail: this.#detail,
      sinceMs: this.#sinceMs,
      newestFrameAtMs: this.#newestFrameAtMs,
      reportedAtMs: this.#nowMs(),
      attempts: this.attempts,
      received: this.#received,
      sent: this.#sent,
      dropped: Object.fromEntries(this.#dropped),
      source: this.#source,
    });
  }
}
