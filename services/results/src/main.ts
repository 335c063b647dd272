/** The results service: observations become events (one replica leads), events reach subscribers (every replica). */
import { EventLog, EventReader } from "@followspot/events";
import { CameraStatusBoard } from "@followspot/frames";
import { ObservationReader, WorkerStatusBoard } from "@followspot/observations";
import { RedisClock, RedisConnection, runService } from "@followspot/runtime";
import { SceneBoard, SceneFollower } from "@followspot/scenes";
import { readShow } from "@followspot/show";
import { readAccess, readResultsConfig } from "./config.ts";
import { EventTail } from "./fan-out/event-tail.ts";
import { Hub } from "./fan-out/hub.ts";
import { ObservationFeed } from "./fan-out/observation-feed.ts";
import { Pulse } from "./fan-out/pulse.ts";
import { Surroundings } from "./fan-out/surroundings.ts";
import { Leader } from "./lead/leader.ts";
import { fromLabelState } from "./lead/messages.ts";
import { resultsMetrics } from "./results-metrics.ts";
import { Admission } from "./transports/admission.ts";
import { HttpApi } from "./transports/http-api.ts";

await runService("results", async ({ closer, log, health, metrics }) => {
  const config = readResultsConfig(process.env);
  const access = readAccess(config);
  const show = await readShow(config.showDir);
  const labels = show.cast.map(({ id }) => id);
  const wire = { redisUrl: config.redisUrl, showId: show.id, log };

  const redis = closer.add("redis", await RedisConnection.connect(config.redisUrl, "live", log));
  const clock = closer.add("clock", await RedisClock.connect(redis.client));
  const { nowMs } = clock;
  const cameras = closer.add("camera status", await CameraStatusBoard.connect(wire));
  const workers = closer.add("worker status", await WorkerStatusBoard.connect(wire));
  const sceneBoard = closer.add("scene board", await SceneBoard.connect(wire));
  const scenes = closer.add("scene", await SceneFollower.start(wire));
  const reader = closer.add("event reader", await EventReader.connect(wire));
  const events = closer.add(
    "event log",
    await EventLog.connect({ ...wire, nowMs, window: config.eventWindow, leaseMs: config.leaseMs }),
  );

  const count = resultsMetrics(metrics, nowMs);
  const hub = new Hub({ showId: show.id, labels, readSince: reader.readSince.bind(reader), nowMs, ...count });
  const surroundings = closer.add(
    "surroundings",
    Surroundings.watch({
      readCameras: () => cameras.readAll(),
      readWorkers: () => workers.readAll(),
      isLed: () => reader.isLed(),
      scene: () => scenes.current,
      nowMs,
    }),
  );
  closer.add("event tail", EventTail.start(reader, hub, log));
  const newest = closer.add("observation reader", await ObservationReader.connect(wire));
  closer.add(
    "observation feed",
    ObservationFeed.start(newest, (observation) => {
      count.onObserved();
      surroundings.observed(observation);
      hub.observation(observation);
    }),
  );
  const toLead = closer.add("leader's observation reader", await ObservationReader.connect(wire));
  const leader = closer.add(
    "leader",
    Leader.start({
      events,
      observations: toLead,
      presence: { labels, ...show.presence },
      leaseMs: config.leaseMs,
      nowMs,
      lostCameras: surroundings.lostCameras,
      lastTold: () => hub.snapshot.labels.map(fromLabelState),
      onAppended: count.onAppended,
      log,
    }),
  );
  closer.add("pulse", Pulse.start(hub, surroundings));

  health.live("leader", () => leader.health());
  health.ready("redis", () => ({
    ok: surroundings.reachable,
    detail: surroundings.reachable ? "answers" : "does not answer",
  }));
  const admission = new Admission({ hub, access, maxSubscribers: config.maxSubscribers, ...count });
  const { host, port } = config;
  const scene = {
    scenes: show.scenes.map(({ id }) => id),
    read: () => sceneBoard.read(),
    set: (id: string, atMs: number) => sceneBoard.set(id, atMs),
    nowMs,
  };
  const api = closer.add(
    "HTTP API",
    await HttpApi.listen({ host, port, access, admission, hub, health, metrics, scene }),
  );
  log.info({ host, port: api.port }, "listening");
  return { finished: new Promise<never>(() => {}) };
});
