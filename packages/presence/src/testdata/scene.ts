/** Short-hand for observations: what the tests of the filter are written in. */
import { create } from "@bufbuild/protobuf";
import { type Observation, ObservationSchema } from "@followspot/schema/followspot/v1/observation";
import { PRESENCE_DEFAULTS, type PresenceChange, PresenceFilter, type PresenceOptions } from "../index.ts";

export const LABELS = ["wolf", "grandmother", "basket"] as const;
export const OPTIONS: PresenceOptions = { labels: LABELS, ...PRESENCE_DEFAULTS };

export interface Look {
  readonly atMs: number;
  readonly camera?: string;
  readonly scores?: Readonly<Record<string, number>>;
  readonly light?: number;
  readonly sequence?: number;
}

export function observation({ atMs, camera = "stage", scores = {}, light = 0.5, sequence }: Look): Observation {
  return create(ObservationSchema, {
    frame: { cameraId: camera, run: 1, sequence: sequence ?? Math.round(atMs) + 1, capturedAtMs: atMs },
    labels: Object.entries(scores).map(([label, score]) => ({ label, score })),
    light,
    answeredAtMs: atMs,
  });
}

/**
 * A camera that looks every `everyMs` for the wolf. `#` sees it, `.` does not, `?` cannot decide, `o` is dark,
 * `-` dim without the wolf, and a space is a frame that never came.
 */
export class Scene {
  readonly filter: PresenceFilter;
  readonly changes: PresenceChange[] = [];
  readonly #everyMs: number;
  #atMs = 10_000;

  constructor(everyMs = 100, filter = new PresenceFilter(OPTIONS)) {
    this.#everyMs = everyMs;
    this.filter = filter;
  }

  get nowMs(): number {
    return this.#atMs;
  }

  play(frames: string, camera = "stage"): this {
    for (const frame of frames) this.frame({ [camera]: frame });
    return this;
  }

  /** One instant as each of the cameras has it. */
  frame(cameras: Readonly<Record<string, string>>): this {
    this.#atMs += this.#everyMs;
    for (const [camera, frame] of Object.entries(cameras)) {
      if (frame === " ") continue;
      const score = { "#": 0.9, "?": 0.5, ".": 0.05, o: 0.05, "-": 0.05 }[frame] ?? 0;
      const light = frame === "o" ? 0.005 : frame === "-" ? 0.04 : 0.5;
      const seen = observation({ atMs: this.#atMs, camera, scores: { wolf: score }, light });
      this.changes.push(...this.filter.observe(seen));
    }
    return this;
  }

  tick(lost: readonly string[] = [], afterMs = 0): this {
    this.#atMs += afterMs;
    this.changes.push(...this.filter.tick(this.#atMs, lost));
    return this;
  }

  /** What happened since the last question, without times. */
  told(): string[] {
    return this.changes.splice(0).map(({ type, label, state }) => (type === "HOLD" ? `HOLD ${label} ${state}` : `${type} ${label}`));
  }
}
