import { compareFrames } from "@followspot/domain";
import type { Observation } from "@followspot/schema/followspot/v1/observation";
import type { LabelStanding, PresenceChange } from "./change.ts";
import type { PresenceOptions } from "./options.ts";
import {
  type LabelBelief,
  newBelief,
  newState,
  type PresenceState,
  sightOf,
  trackOf,
} from "./presence-state.ts";
import { lookAt, patienceMs } from "./sight.ts";
import { castVote } from "./track.ts";
import { judge, type Verdict } from "./verdict.ts";

/** A camera that has not been heard of for so long is forgotten, with all it believed. */
const FORGET_CAMERA_MS = 600_000;

/**
 * Turns noisy observations into decisions. Pure and deterministic: it has no clock and does no I/O; the same inputs
 * from the same state give the same changes. Memory is bounded by labels x cameras.
 */
export class PresenceFilter {
  readonly #options: PresenceOptions;
  readonly #state: PresenceState;

  /** Goes on from `state`, as `toJSON` gave it; without one nothing is known about any label. */
  constructor(options: PresenceOptions, state?: PresenceState) {
    this.#options = options;
    this.#state = state ? structuredClone(state) : newState(options.labels);
    for (const label of options.labels) this.#state.labels[label] ??= newBelief();
  }

  /**
   * Goes on from what was last told to subscribers, where the filter's own memory was lost: nobody is said to enter
   * who was on stage already. What is so taken over counts as unknown until cameras confirm it.
   */
  static resume(options: PresenceOptions, standings: readonly LabelStanding[]): PresenceFilter {
    const state = newState(options.labels);
    for (const { label, presenceId, sinceMs } of standings) {
      state.labels[label] = { ...newBelief(), present: presenceId !== "", presenceId, sinceMs };
    }
    return new PresenceFilter(options, state);
  }

  toJSON(): PresenceState {
    return structuredClone(this.#state);
  }

  /** Where each label stands, in the order of the vocabulary. */
  standings(): LabelStanding[] {
    return this.#options.labels.map((label) => {
      const belief = this.#belief(label);
      const { sinceMs, confidence, presenceId, cameraId } = belief;
      return { label, state: shownState(belief), sinceMs, confidence, presenceId, cameraId };
    });
  }

  /** Counts one observation. A frame that is not newer than the camera's last one changes nothing. */
  observe(observation: Observation): PresenceChange[] {
    const { frame } = observation;
    if (!frame || !Number.isFinite(frame.capturedAtMs)) return [];
    const sight = sightOf(this.#state, frame.cameraId);
    if (!sight || (sight.sequence > 0 && compareFrames(frame, sight) <= 0)) return [];
    const heardAtMs = Math.max(frame.capturedAtMs, finiteOr(observation.answeredAtMs, 0));
    this.#state.nowMs = Math.max(this.#state.nowMs, heardAtMs);
    const light = finiteOr(observation.light, 0);
    const atMs = frame.capturedAtMs;
    const look = lookAt(sight, { run: frame.run, sequence: frame.sequence, atMs, light }, this.#options);
    if (look === "dark") this.#freeze(frame.cameraId);
    else {
      for (const { label, score } of observation.labels) {
        if (!this.#options.labels.includes(label) || !Number.isFinite(score)) continue;
        if (look === "dim" && score < this.#options.enterScore) continue;
        const track = trackOf(this.#belief(label), frame.cameraId);
        castVote(
          track,
          { atMs, heardAtMs, score, patienceMs: patienceMs(sight, this.#options) },
          this.#options,
        );
      }
    }
    return this.#decide(atMs, observation);
  }

  /**
   * Tells what time it is (for what ends by silence) and which cameras are lost. A camera counts as lost until a
   * tick without it.
   */
  tick(nowMs: number, lostCameras: readonly string[] = []): PresenceChange[] {
    this.#state.nowMs = Math.max(this.#state.nowMs, nowMs);
    for (const [cameraId, sight] of Object.entries(this.#state.cameras)) {
      if (!lostCameras.includes(cameraId)) sight.lostSinceMs = null;
      else if (sight.lostSinceMs === null) {
        sight.lostSinceMs = this.#state.nowMs;
        this.#freeze(cameraId);
      }
      if (this.#state.nowMs - sight.capturedAtMs > FORGET_CAMERA_MS) this.#forget(cameraId);
    }
    return [...this.#dropFormerCast(), ...this.#decide(this.#state.nowMs)];
  }

  #decide(atMs: number, observation?: Observation): PresenceChange[] {
    return this.#options.labels.flatMap((label) => {
      const belief = this.#belief(label);
      const verdict = judge(belief, this.#state, this.#options);
      return verdict ? [apply(label, belief, verdict, atMs, observation)] : [];
    });
  }

  /** For the timers no time passes until the camera's next vote. */
  #freeze(cameraId: string): void {
    for (const belief of Object.values(this.#state.labels)) {
      const track = belief.tracks[cameraId];
      if (track) track.votedAtMs = null;
    }
  }

  #forget(cameraId: string): void {
    // While it is the last that saw somebody, it is the reason why nobody can tell whether they left.
    if (Object.values(this.#state.labels).some((belief) => belief.tracks[cameraId]?.sees)) return;
    delete this.#state.cameras[cameraId];
    for (const belief of Object.values(this.#state.labels)) delete belief.tracks[cameraId];
  }

  /** The show's cast may have changed since the state was stored. */
  #dropFormerCast(): PresenceChange[] {
    const former = Object.entries(this.#state.labels).filter(
      ([label]) => !this.#options.labels.includes(label),
    );
    return former.flatMap(([label, belief]) => {
      delete this.#state.labels[label];
      if (!belief.present) return [];
      const reason = "no longer in the cast list";
      const happenedAtMs = this.#state.nowMs;
      return [apply(label, belief, { type: "EXIT", happenedAtMs, confidence: 0, reason }, happenedAtMs)];
    });
  }

  #belief(label: string): LabelBelief {
    const belief = this.#state.labels[label] ?? newBelief();
    this.#state.labels[label] = belief;
    return belief;
  }
}

function apply(
  label: string,
  belief: LabelBelief,
  verdict: Verdict,
  atMs: number,
  observation?: Observation,
): PresenceChange {
  const { type, confidence, reason } = verdict;
  // Cameras answer with different delays: a label's own changes are told in order all the same.
  const settledAtMs = Math.max(atMs, belief.settledAtMs);
  const happenedAtMs = Math.min(Math.max(verdict.happenedAtMs, belief.sinceMs), settledAtMs);
  if (type === "ENTER") {
    belief.entrances += 1;
    belief.presenceId = `${label}-${Math.round(happenedAtMs).toString(36)}-${belief.entrances}`;
  }
  const presenceId = belief.presenceId;
  if (type === "EXIT") belief.presenceId = "";
  if (type === "ENTER" || type === "EXIT") belief.present = type === "ENTER";
  belief.known = type !== "UNKNOWN";
  if (type === "UNKNOWN") for (const track of Object.values(belief.tracks)) track.steady = 0;
  Object.assign(belief, { sinceMs: happenedAtMs, settledAtMs, confidence });
  belief.cameraId = observation?.frame?.cameraId ?? "";
  return {
    type,
    label,
    state: shownState(belief),
    happenedAtMs,
    settledAtMs,
    confidence,
    presenceId,
    reason,
    frame: observation?.frame,
    recognizer: observation?.recognizer,
  };
}

function shownState(belief: LabelBelief): LabelStanding["state"] {
  if (!belief.known) return "UNKNOWN";
  return belief.present ? "PRESENT" : "ABSENT";
}

function finiteOr(value: number, otherwise: number): number {
  return Number.isFinite(value) ? value : otherwise;
}
