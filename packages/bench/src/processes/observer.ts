/** Reads the stream of observations as the results service does. */
import { ObservationReader } from "@followspot/observations";
import { createLogger, RedisClock, RedisConnection } from "@followspot/runtime";
import { BENCH_SHOW_ID } from "../bench-show.ts";
import { type SeenObservation, seen } from "../seen-observation.ts";
import { serveParent } from "./serve-parent.ts";

const log = createLogger("bench-observer");
const redisUrl = process.env.REDIS_URL ?? "";
const { nowMs } = await RedisClock.connect((await RedisConnection.connect(redisUrl, "live", log)).client);
const reader = await ObservationReader.connect({ redisUrl, showId: BENCH_SHOW_ID, log });

let samples: SeenObservation[] = [];

serveParent("observer", {
  /** What was seen since the last time. */
  take: () => {
    const taken = samples;
    samples = [];
    return taken;
  },
});

for await (const { observation } of reader.read(await reader.newestId(), new AbortController().signal)) {
  samples.push(seen(observation, nowMs()));
}
