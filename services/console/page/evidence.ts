import type { Observation } from "@followspot/schema/followspot/v1/observation";

/** The newest score of each label over all cameras: what the recognizer says now, before presence decides. */
export class Evidence {
  readonly #newest = new Map<string, Observation>();
  readonly #patienceMs: number;

  /** Scores older than `patienceMs` say nothing about now. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  add(observation: Observation): void {
    const cameraId = observation.frame?.cameraId;
    if (cameraId !== undefined) this.#newest.set(cameraId, observation);
  }

  /** The best of the cameras, 0 to 1; undefined where no recent frame says anything about the label. */
  scoreOf(label: string, nowMs: number | undefined): number | undefined {
    if (nowMs === undefined) return undefined;
    const scores = [...this.#newest.values()]
      .filter(({ frame }) => nowMs - (frame?.capturedAtMs ?? 0) <= this.#patienceMs)
      .flatMap(({ labels }) => labels.filter((scored) => scored.label === label).map(({ score }) => score));
    return scores.length > 0 ? Math.max(...scores) : undefined;
  }
}
