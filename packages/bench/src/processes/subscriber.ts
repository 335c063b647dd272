/** A subscriber as anybody would write one: the client over WebSocket, with observations. */
import { FollowspotClient } from "@followspot/client";
import { createLogger, RedisClock, RedisConnection } from "@followspot/runtime";
import { type SeenObservation, seen } from "../seen-observation.ts";
import { serveParent } from "./serve-parent.ts";

const log = createLogger("bench-subscriber");
const redis = await RedisConnection.connect(process.env.REDIS_URL ?? "", "live", log);
const { nowMs } = await RedisClock.connect(redis.client);
const client = new FollowspotClient({ url: process.env.RESULTS_URL ?? "", observations: true });

let samples: SeenObservation[] = [];
let interruptions = 0;
client.subscribe((update) => {
  if (update.kind === "observation") samples.push(seen(update.observation, nowMs()));
  if (update.kind === "disconnected") interruptions += 1;
});

serveParent("subscriber", {
  /** What was seen since the last time. */
  take: () => {
    const taken = samples;
    samples = [];
    return taken;
  },
  interruptions: () => interruptions,
});
