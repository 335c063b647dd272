/**
 * One of several workers that share cameras: the real consumer, work and fence, with a recognizer that takes between 0
 * and 20 ms. Tells its parent of each frame it begins. Arguments: Redis URL, show id.
 */
import { setTimeout as delay } from "node:timers/promises";
import { FrameConsumer } from "@followspot/frames";
import { ObservationPublisher } from "@followspot/observations";
import { ProgressWatchdog, RedisClock, RedisConnection } from "@followspot/runtime";
import { silentLog } from "@followspot/testkit";
import { observeFrame } from "../observe-frame.ts";

const [redisUrl = "", showId = ""] = process.argv.slice(2);
const log = silentLog();
const connection = await RedisConnection.connect(redisUrl, "live", log);
const { nowMs } = await RedisClock.connect(connection.client);
const publisher = await ObservationPublisher.connect({ redisUrl, showId, log });
const identity = { name: "dice", version: "1", rung: "understudy", accuracy: 0, instances: 1 } as const;
const frameMaxAgeMs = 20_000;

const deps = {
  recognizer: {
    recognize: async () => {
      await delay(Math.random() * 20);
      return { labels: [], unknown: 0, version: "1", recognizer: identity, callMs: 0 };
    },
  },
  publish: publisher.publish.bind(publisher),
  labels: [],
  nowMs,
  frameMaxAgeMs,
  workerId: String(process.pid),
};
const dropped: Record<string, number> = {};
const consumer = new FrameConsumer(
  async (frame, signal) => {
    const stamp = frame.header?.stamp;
    process.send?.({ begun: stamp?.sequence, cameraId: stamp?.cameraId });
    await observeFrame(deps, frame, signal);
  },
  {
    redisUrl,
    showId,
    concurrency: 2,
    drainMs: 2_000,
    frameMaxAgeMs,
    nowMs,
    log,
    onDropped: (reason) => {
      dropped[reason] = (dropped[reason] ?? 0) + 1;
    },
    watchdog: new ProgressWatchdog(60_000),
  },
);
process.once("disconnect", () => {
  void consumer.close().then(() => process.exit());
});
process.send?.({ started: true });
