/** The console: one page on which a person sees the pictures, the labels and who is on stage. */
import { toBinary } from "@bufbuild/protobuf";
import { FrameReader } from "@followspot/frames";
import { RedisClock, RedisConnection, runService } from "@followspot/runtime";
import { FrameSchema } from "@followspot/schema/followspot/v1/frame";
import { readShow } from "@followspot/show";
import { CameraPictures } from "./camera-pictures.ts";
import { readConsoleConfig } from "./config.ts";
import { ConsoleServer } from "./console-server.ts";
import { PageFiles } from "./page-files.ts";
import { PictureSocket } from "./picture-socket.ts";

await runService("console", async ({ closer, log, health, metrics }) => {
  const config = readConsoleConfig(process.env);
  const show = await readShow(config.showDir);
  const files = await PageFiles.open();
  const redis = closer.add("redis", await RedisConnection.connect(config.redisUrl, "live", log));
  const clock = closer.add("clock", await RedisClock.connect(redis.client));
  const frames = closer.add(
    "frame reader",
    await FrameReader.connect({ redisUrl: config.redisUrl, showId: show.id, log }),
  );

  const sent = metrics.counter("pictures_sent_total", "Pictures sent to pages", ["camera"]);
  const dropped = metrics.counter("pictures_dropped_total", "Pictures that a page did not get", [
    "camera",
    "reason",
  ]);
  const pages = metrics.gauge("pages", "Pages that watch now");
  const refused = metrics.counter("pages_refused_total", "Pages refused because too many were open");
  const cameras = new Map(
    show.cameras.map(({ id: cameraId }) => {
      const pictures = new CameraPictures({
        cameraId,
        readNewest: frames.newest.bind(frames),
        encode: (frame) => toBinary(FrameSchema, frame),
        intervalMs: config.pictureIntervalMs,
        log,
        onSent: () => sent.inc({ camera: cameraId }),
        onDropped: (reason) => dropped.inc({ camera: cameraId, reason }),
      });
      closer.add(`pictures of ${cameraId}`, { close: async () => pictures.close() });
      return [cameraId, pictures] as const;
    }),
  );
  const pictures = new PictureSocket({
    cameras,
    nowMs: clock.nowMs,
    maxPages: config.maxPages,
    onPages: (count) => pages.set(count),
    onRefused: () => refused.inc(),
  });
  health.ready("redis", () =>
    redis.client.status === "ready"
      ? { ok: true, detail: "connected" }
      : { ok: false, detail: "no connection to Redis, so there are no pictures" },
  );

  const server = closer.add(
    "server",
    await ConsoleServer.listen({ ...config, show, files, pictures, health, metrics, log }),
  );
  log.info({ host: config.host, port: server.port }, "listening");
  return { finished: new Promise<never>(() => {}) };
});
