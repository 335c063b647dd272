/** The worker: takes cameras' newest frames, asks the recognizer, publishes observations. */
import { FrameConsumer } from "@followspot/frames";
import { ObservationPublisher, WorkerStatusBoard } from "@followspot/observations";
import { FrameKeeper } from "@followspot/review/keep";
import { SceneFollower } from "@followspot/scenes";
import { HealthServer, ProgressWatchdog, RedisClock, RedisConnection, runService } from "@followspot/runtime";
import { readShow } from "@followspot/show";
import { MAX_CONCURRENCY, readWorkerConfig } from "./config.ts";
import { DropLog } from "./drop-log.ts";
import { describeLadder } from "./ladder/describe-ladder.ts";
import { ladderMetrics } from "./ladder/ladder-metrics.ts";
import { openLadder } from "./ladder/open-ladder.ts";
import { observeFrame } from "./observe-frame.ts";
import { reviewCounters } from "./review-counters.ts";
import { StatusReporter } from "./status-reporter.ts";
import { WorkerStats } from "./worker-stats.ts";

await runService("worker", async ({ log, closer, health, metrics }) => {
  const config = readWorkerConfig(process.env);
  closer.add("health server", await HealthServer.listen({ ...config, health, metrics }));
  const show = await readShow(config.showDir);
  const redis = { redisUrl: config.redisUrl, showId: show.id, log };

  const timing = closer.add("redis", await RedisConnection.connect(config.redisUrl, "live", log));
  const { nowMs } = closer.add("clock", await RedisClock.connect(timing.client));
  const board = closer.add("status board", await WorkerStatusBoard.connect(redis));
  const publisher = closer.add("observation publisher", await ObservationPublisher.connect(redis));

  const scenes = closer.add("scene", await SceneFollower.start(redis));

  let onLadder = () => {};
  let onHeld = () => {};
  const ladder = await openLadder({
    show,
    config,
    scene: () => scenes.current,
    closer,
    log,
    metrics: ladderMetrics(metrics),
    onChange: () => onLadder(),
    onHeld: () => onHeld(),
  });

  const stats = new WorkerStats(metrics, nowMs);
  let stopping = false;
  const reporter = closer.add(
    "status reporter",
    new StatusReporter({
      workerId: config.workerId,
      board,
      stats,
      ladder,
      stopping: () => stopping,
      nowMs,
    }),
  );

  const keeper =
    config.reviewDir === undefined
      ? undefined
      : closer.add(
          "frame keeper",
          new FrameKeeper({ dir: config.reviewDir, showId: show.id, log, ...reviewCounters(metrics) }),
        );
  const drops = new DropLog(log);
  const watchdog = new ProgressWatchdog(config.stuckAfterMs);
  const deps = {
    recognizer: ladder,
    publish: publisher.publish.bind(publisher),
    labels: show.cast.map(({ id }) => id),
    nowMs,
    ...config,
  };
  const consumer = new FrameConsumer(
    async (frame, signal) => {
      stats.countReceived(frame);
      const outcome = await observeFrame(deps, frame, signal);
      if ("observed" in outcome) {
        stats.countObserved(outcome.observed);
        drops.observed();
        keeper?.offer(frame, outcome.observed);
      } else {
        stats.countDropped(outcome.dropped);
        drops.dropped(outcome.dropped, outcome.cause);
      }
    },
    {
      ...redis,
      ...config,
      concurrency: config.concurrency ?? 1,
      nowMs,
      watchdog,
      onDropped: (reason) => stats.countDropped(reason),
    },
  );
  onHeld = () => {
    const instances = ladder.answering?.report.identity?.instances;
    if (!instances) return;
    // Who waits for a cascade's slow answer takes nobody's place at the model that answers every frame.
    consumer.concurrency = (config.concurrency ?? Math.min(instances, MAX_CONCURRENCY)) + ladder.held;
  };
  onLadder = () => {
    onHeld();
    reporter.report();
  };
  onLadder();
  // Opened last, so closed first: no frame is taken whose observation could not be published.
  closer.add("frame consumer", {
    close: () => {
      stopping = true;
      reporter.report();
      return consumer.close();
    },
  });

  health.live("progress", watchdog.check);
  health.ready("redis", () => ({
    ok: consumer.connected,
    detail: consumer.connected ? "connected" : "redis does not answer",
  }));
  health.ready("recognizer", () => {
    const { state, detail = "" } = describeLadder(ladder, nowMs);
    return { ok: state === "ready", detail };
  });
  return consumer;
});
