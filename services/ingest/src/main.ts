/** Ingest: takes the cameras' pictures in, chooses and stamps the frames, and puts the newest of each on the wire. */
import { runService } from "@followspot/runtime";
import { readShow } from "@followspot/show";
import sharp from "sharp";
import { Cameras } from "./cameras.ts";
import { readIngestConfig } from "./config.ts";
import { IngestServer } from "./http/ingest-server.ts";
import { IngestMetrics } from "./ingest-metrics.ts";
import { PICTURE_LIMITS } from "./pictures/picture-limits.ts";
import { RedisLink } from "./redis-link.ts";

await runService("ingest", async ({ closer, health, log, metrics }) => {
  const config = readIngestConfig(process.env);
  const show = await readShow(config.showDir);
  // No picture comes twice, and cameras share the cores: one thread for each picture.
  sharp.cache(false);
  sharp.concurrency(1);

  const limits = PICTURE_LIMITS;
  const redis = closer.add(
    "way to redis",
    RedisLink.open({ redisUrl: config.redisUrl, showId: show.id, log }),
  );
  health.ready("redis", () =>
    redis.answers
      ? { ok: true, detail: "Redis answers" }
      : { ok: false, detail: "Redis does not answer: pictures are dropped until it does" },
  );
  const cameras = closer.add(
    "cameras",
    new Cameras({
      configs: show.cameras,
      redis,
      limits,
      ffmpeg: config.ffmpeg,
      metrics: new IngestMetrics(metrics),
      log,
    }),
  );
  const server = closer.add(
    "http server",
    await IngestServer.listen({ ...config, cameras, limits, health, metrics, log }),
  );
  cameras.start();
  log.info({ port: server.port, cameras: cameras.ids }, "cameras opened");
  return { finished: new Promise<never>(() => {}) };
});
