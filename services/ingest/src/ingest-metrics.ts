import type { Metrics } from "@followspot/runtime";
import { State } from "./camera-state.ts";
import type { DropReason } from "./pictures/drop-reasons.ts";

/** What ingest counts. Cameras come from show.yaml, reasons from a closed list: the number of series is bounded. */
export class IngestMetrics {
  readonly #received;
  readonly #sent;
  readonly #dropped;
  readonly #seconds;
  readonly #live;

  constructor(metrics: Metrics) {
    this.#received = metrics.counter("pictures_received_total", "Pictures that came from a camera", [
      "camera",
    ]);
    this.#sent = metrics.counter("frames_sent_total", "Frames that were put on the wire", ["camera"]);
    this.#dropped = metrics.counter("pictures_dropped_total", "Pictures that did not become a frame", [
      "camera",
      "reason",
    ]);
    this.#seconds = metrics.latency("frame_seconds", "From a picture's arrival to Redis having its frame", [
      "camera",
    ]);
    this.#live = metrics.gauge("camera_live", "1 while pictures come from the camera", ["camera"]);
  }

  received(camera: string): void {
    this.#received.inc({ camera });
  }

  ended(camera: string, outcome: "sent" | DropReason, tookMs: number): void {
    if (outcome === "sent") {
      this.#sent.inc({ camera });
      this.#seconds.observe({ camera }, tookMs / 1_000);
    } else this.#dropped.inc({ camera, reason: outcome });
  }

  state(camera: string, state: State): void {
    this.#live.set({ camera }, state === State.LIVE ? 1 : 0);
  }
}
