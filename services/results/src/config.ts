import { Access, envPart, readEnv } from "@followspot/runtime";
import { z } from "zod";

const MAX_SUBSCRIBERS = 20_000;

const ResultsEnv = z
  .object({
    REDIS_URL: envPart.redisUrl,
    FOLLOWSPOT_SHOW: envPart.showDir,
    HOST: envPart.host,
    PORT: envPart.port.default(4601),
    FOLLOWSPOT_TOKENS: z.string().optional(),
    /** Subscribers at a time, over WebSocket and SSE together. */
    MAX_SUBSCRIBERS: z.coerce.number().int().min(1).max(MAX_SUBSCRIBERS).default(5_000),
    /** Events that can be replayed. */
    EVENT_WINDOW: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
    /** How long after the death of the leader another takes over. */
    LEASE_MS: envPart.ms.min(200).max(60_000).default(2_000),
  })
  .transform((env) => ({
    redisUrl: env.REDIS_URL,
    showDir: env.FOLLOWSPOT_SHOW,
    host: env.HOST,
    port: env.PORT,
    tokens: env.FOLLOWSPOT_TOKENS,
    maxSubscribers: env.MAX_SUBSCRIBERS,
    eventWindow: env.EVENT_WINDOW,
    leaseMs: env.LEASE_MS,
  }));

export type ResultsConfig = z.infer<typeof ResultsEnv>;

/** @throws ConfigError */
export function readResultsConfig(env: NodeJS.ProcessEnv): ResultsConfig {
  return readEnv(ResultsEnv, env);
}

/** @throws UserError where tokens are malformed. */
export function readAccess({ tokens }: ResultsConfig): Access {
  return Access.parse(tokens);
}
