import type { Observation } from "@followspot/schema/followspot/v1/observation";

/** What a measuring process keeps of an observation. All times are Redis time in milliseconds. */
export interface SeenObservation {
  readonly cameraId: string;
  readonly run: number;
  readonly sequence: number;
  readonly capturedAtMs: number;
  readonly askedAtMs: number;
  readonly answeredAtMs: number;
  readonly modelMs: number;
  readonly receivedAtMs: number;
  /** Of the recognizer that answered. */
  readonly rung: string;
}

export function seen({ frame, ...observation }: Observation, receivedAtMs: number): SeenObservation {
  const { askedAtMs, answeredAtMs, modelMs } = observation;
  return {
    cameraId: frame?.cameraId ?? "",
    run: frame?.run ?? 0,
    sequence: frame?.sequence ?? 0,
    capturedAtMs: frame?.capturedAtMs ?? 0,
    askedAtMs,
    answeredAtMs,
    modelMs,
    receivedAtMs,
    rung: observation.recognizer?.rung ?? "",
  };
}
