import { SeededRandom } from "@followspot/domain";

/** A picture as the simulator sees it. */
export interface SimFrame {
  readonly camera: number;
  /** Counts from 1 in each camera. */
  readonly sequence: number;
  readonly capturedAtMs: number;
}

export interface TraceOptions {
  readonly cameras: number;
  readonly fps: number;
  readonly durationMs: number;
  /** How much later than due a frame may come, evenly spread. */
  readonly jitterMs: number;
  readonly seed: number;
}

/** The frames of all cameras in the order of capture. Each camera starts at its own moment of the first interval. */
export function arrivalTrace({ cameras, fps, durationMs, jitterMs, seed }: TraceOptions): SimFrame[] {
  const random = new SeededRandom(seed);
  const intervalMs = 1_000 / fps;
  const frames: SimFrame[] = [];
  for (let camera = 0; camera < cameras; camera += 1) {
    const phaseMs = random.next() * intervalMs;
    for (let sequence = 1; ; sequence += 1) {
      const capturedAtMs = phaseMs + (sequence - 1) * intervalMs + random.next() * jitterMs;
      if (capturedAtMs >= durationMs) break;
      frames.push({ camera, sequence, capturedAtMs });
    }
  }
  return frames.sort((a, b) => a.capturedAtMs - b.capturedAtMs || a.camera - b.camera);
}
