import type { Closable, Logger } from "@followspot/runtime";
import type { CameraStatus } from "@followspot/schema/followspot/v1/frame";
import type { CameraConfig } from "@followspot/show";
import { Camera } from "./camera.ts";
import type { IngestMetrics } from "./ingest-metrics.ts";
import type { PictureLimits } from "./pictures/picture-limits.ts";
import type { RedisLink } from "./redis-link.ts";
import { sourceOf } from "./sources/source-of.ts";

const REPORT_EVERY_MS = 1_000;

export interface CamerasOptions {
  readonly configs: readonly CameraConfig[];
  readonly redis: Pick<RedisLink, "nowMs" | "openCamera" | "publish" | "report" | "reportNowMs">;
  readonly limits: PictureLimits;
  readonly ffmpeg: string;
  readonly metrics: IngestMetrics;
  readonly log: Logger;
}

/** All cameras of the show, and their reports: once a second and at every change. */
export class Cameras implements Closable {
  readonly #cameras: ReadonlyMap<string, Camera>;
  readonly #redis: CamerasOptions["redis"];
  readonly #timer: NodeJS.Timeout;
  /** Cameras whose last report is still on its way, and whether there is news since. */
  readonly #reporting = new Map<string, { news: boolean }>();

  constructor(options: CamerasOptions) {
    const { configs, redis, limits, ffmpeg, metrics, log } = options;
    this.#redis = redis;
    const open = (config: CameraConfig) =>
      new Camera({
        config,
        source: sourceOf(config, { ffmpeg, limits }),
        limits,
        sink: redis,
        nowMs: redis.reportNowMs,
        metrics,
        log,
        onChange: () => this.#report(config.id),
      });
    this.#cameras = new Map(configs.map((config) => [config.id, open(config)]));
    this.#timer = setInterval(() => {
      for (const id of this.#cameras.keys()) this.#report(id);
    }, REPORT_EVERY_MS);
  }

  start(): void {
    for (const camera of this.#cameras.values()) camera.start();
  }

  get(id: string): Camera | undefined {
    return this.#cameras.get(id);
  }

  get ids(): readonly string[] {
    return [...this.#cameras.keys()];
  }

  statuses(): CameraStatus[] {
    return [...this.#cameras.values()].map((camera) => camera.status());
  }

  #report(cameraId: string): void {
    const earlier = this.#reporting.get(cameraId);
    if (earlier) {
      earlier.news = true;
      return;
    }
    const camera = this.#cameras.get(cameraId);
    if (!camera) return;
    const report = { news: false };
    this.#reporting.set(cameraId, report);
    this.#redis.report(camera.status()).then(
      () => {
        this.#reporting.delete(cameraId);
        if (report.news) this.#report(cameraId);
      },
      // Without Redis nobody reads it either; the next report is due within a second.
      () => this.#reporting.delete(cameraId),
    );
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#cameras.values()].map((camera) => camera.close()));
  }
}
