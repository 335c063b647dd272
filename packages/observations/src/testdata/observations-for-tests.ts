import { create } from "@bufbuild/protobuf";
import { type Observation, ObservationSchema } from "@followspot/schema/followspot/v1/observation";

export const SHOW = "test-show";

/** What worker `workerId` saw in a frame of the camera `stage`. */
export function observation(
  sequence: number,
  { run = 1, cameraId = "stage", workerId = "a" }: { run?: number; cameraId?: string; workerId?: string } = {},
): Observation {
  return create(ObservationSchema, {
    frame: { cameraId, run, sequence, capturedAtMs: 1_000 + sequence },
    labels: [{ label: "wolf", score: 0.75, raw: 3 }],
    workerId,
  });
}
