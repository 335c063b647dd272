import type { PresenceOptions } from "./options.ts";
import type { Track } from "./track.ts";

/** Darkness must last this long over at least two frames: one black frame is a fault of the camera. */
const DARK_MS = 250;
/** Intervals of a slow camera that may pass in silence. */
const PATIENT_INTERVALS = 4;
/** A longer one is an outage: it must not make the camera pass for a slow one. */
const MAX_INTERVAL_MS = 4_000;
/** Weight of the newest interval in the moving average. */
const INTERVAL_WEIGHT = 0.2;
/** So dim that a picture may confirm somebody, but its silence about them proves nothing: a fade is no exit. */
const DIM_FACTOR = 2;

/** Whether one camera can see at all. Plain data, so that it can be stored as JSON. */
export interface Sight {
  /** The newest frame that was counted: a repeated or older one is ignored. */
  run: number;
  sequence: number;
  capturedAtMs: number;
  /** Usual time between two of its observations. */
  intervalMs: number;
  darkSinceMs: number | null;
  darkUntilMs: number;
  lostSinceMs: number | null;
}

export interface Blindness {
  readonly sinceMs: number;
  readonly reason: string;
}

export function newSight(): Sight {
  return {
    run: 0,
    sequence: 0,
    capturedAtMs: 0,
    intervalMs: 0,
    darkSinceMs: null,
    darkUntilMs: 0,
    lostSinceMs: null,
  };
}

/** Takes note of a frame's time and light. "dark": it says nothing. "dim": it can only confirm. */
export function lookAt(
  sight: Sight,
  frame: { readonly run: number; readonly sequence: number; readonly atMs: number; readonly light: number },
  options: PresenceOptions,
): "dark" | "dim" | "bright" {
  if (sight.sequence > 0 && frame.run === sight.run) {
    const gapMs = Math.min(Math.max(0, frame.atMs - sight.capturedAtMs), MAX_INTERVAL_MS);
    sight.intervalMs =
      sight.intervalMs === 0 ? gapMs : sight.intervalMs + (gapMs - sight.intervalMs) * INTERVAL_WEIGHT;
  }
  sight.run = frame.run;
  sight.sequence = frame.sequence;
  sight.capturedAtMs = Math.max(sight.capturedAtMs, frame.atMs);
  if (frame.light < options.darkBelow) {
    sight.darkSinceMs ??= frame.atMs;
    sight.darkUntilMs = Math.max(frame.atMs, sight.darkSinceMs);
    return "dark";
  }
  sight.darkSinceMs = null;
  return frame.light < options.darkBelow * DIM_FACTOR ? "dim" : "bright";
}

export function patienceMs(sight: Sight, options: PresenceOptions): number {
  return Math.max(options.blindAfterMs, sight.intervalMs * PATIENT_INTERVALS);
}

/** Why a camera cannot say anything about a label now; undefined where it can. */
export function blindness(
  cameraId: string,
  sight: Sight,
  track: Track,
  nowMs: number,
  options: PresenceOptions,
): Blindness | undefined {
  if (sight.lostSinceMs !== null) return { sinceMs: sight.lostSinceMs, reason: `camera ${cameraId} is lost` };
  if (sight.darkSinceMs !== null && sight.darkUntilMs - sight.darkSinceMs >= DARK_MS) {
    return { sinceMs: sight.darkSinceMs, reason: `${cameraId} is dark` };
  }
  if (nowMs - track.heardAtMs > patienceMs(sight, options)) {
    return {
      sinceMs: track.votedAtMs ?? track.heardAtMs,
      reason: `no answer about the pictures of ${cameraId}`,
    };
  }
  return undefined;
}
