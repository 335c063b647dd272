import { createLogger, type Logger, Metrics } from "@followspot/runtime";
import type { CameraConfig, CameraSource } from "@followspot/show";
import { Cameras } from "../cameras.ts";
import { IngestMetrics } from "../ingest-metrics.ts";
import { PICTURE_LIMITS } from "../pictures/picture-limits.ts";
import { FakeSink } from "./fake-sink.ts";

export function cameraConfig(
  id: string,
  source: CameraSource,
  changes: Partial<CameraConfig> = {},
): CameraConfig {
  return { id, source, fps: 10, floorFps: 2, width: 640, loop: true, ...changes };
}

/** Cameras of a show that send into a fake sink. To be closed by the test. */
export function openCameras(
  configs: readonly CameraConfig[],
  options: { readonly ffmpeg?: string; readonly log?: Logger } = {},
) {
  const sink = new FakeSink();
  const metrics = new Metrics("ingest");
  const log = options.log ?? createLogger("test").child({}, { level: "silent" });
  const cameras = new Cameras({
    configs,
    redis: sink,
    limits: PICTURE_LIMITS,
    ffmpeg: options.ffmpeg ?? "ffmpeg",
    metrics: new IngestMetrics(metrics),
    log,
  });
  return { cameras, sink, metrics, log };
}
