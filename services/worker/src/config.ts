import { hostname } from "node:os";
import { envPart, readEnv } from "@followspot/runtime";
import { z } from "zod";

/** Above what any one server does at once. */
export const MAX_CONCURRENCY = 64;

const WorkerEnv = z
  .object({
    REDIS_URL: envPart.redisUrl,
    FOLLOWSPOT_SHOW: envPart.showDir,
    HOST: envPart.host,
    /** Of /health and /metrics; 0 takes a free one. */
    PORT: envPart.port.default(4605),
    /** Where the understudy answers, grpc://host:port; needed where the show's ladder names it. */
    UNDERSTUDY_URL: z.string().min(1).optional(),
    UNDERSTUDY_MODEL: z.string().min(1).default("understudy"),
    /** Instead of the address and the model that show.yaml gives for qwen2-vl. */
    TRITON_URL: z.string().min(1).optional(),
    TRITON_MODEL: z.string().min(1).optional(),
    /**
     * When the show was started, 2026-11-28T19:30:00Z: calibrations that were written later wait for its next start. Left
     * out: now. Whoever starts a worker again in the middle of a show says it, so that it does not come back with other scores.
     */
    SHOW_STARTED_AT: z.iso.datetime().optional(),
    /**
     * Frames in work at once, without those that wait for a cascade's slow answer. Left out: as many as the model server says that it works on, since more of them only wait there
     * and grow old. Several workers on one server share that number between them.
     */
    FRAME_CONCURRENCY: z.coerce.number().int().min(1).max(MAX_CONCURRENCY).optional(),
    /** From capture to publication: an answer about an older picture is worth nothing. */
    FRAME_MAX_AGE_MS: envPart.ms.default(1_500),
    DRAIN_MS: envPart.ms.max(20_000).default(3_000),
    /** How long tokens may wait while nothing is started, before this process says that it must be restarted. */
    STUCK_AFTER_MS: envPart.ms.default(10_000),
    /** Folder for frames that a person should look at after the show; left out: none are kept. */
    REVIEW_DIR: z.string().min(1).optional(),
  })
  .transform((env) => ({
    redisUrl: env.REDIS_URL,
    showDir: env.FOLLOWSPOT_SHOW,
    host: env.HOST,
    port: env.PORT,
    understudy: { url: env.UNDERSTUDY_URL, model: env.UNDERSTUDY_MODEL },
    triton: { url: env.TRITON_URL, model: env.TRITON_MODEL },
    showStartedAtMs: env.SHOW_STARTED_AT === undefined ? Date.now() : Date.parse(env.SHOW_STARTED_AT),
    concurrency: env.FRAME_CONCURRENCY,
    frameMaxAgeMs: env.FRAME_MAX_AGE_MS,
    drainMs: env.DRAIN_MS,
    stuckAfterMs: env.STUCK_AFTER_MS,
    reviewDir: env.REVIEW_DIR,
    workerId: `${hostname().toLowerCase()}-${process.pid}`,
  }));

export type WorkerConfig = z.infer<typeof WorkerEnv>;

export function readWorkerConfig(env: NodeJS.ProcessEnv): WorkerConfig {
  return readEnv(WorkerEnv, env);
}
