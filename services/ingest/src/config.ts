import { Access, envPart, readEnv } from "@followspot/runtime";
import { z } from "zod";

const IngestEnv = z
  .object({
    REDIS_URL: envPart.redisUrl,
    FOLLOWSPOT_SHOW: envPart.showDir,
    HOST: envPart.host,
    PORT: envPart.port.default(4_602),
    FOLLOWSPOT_TOKENS: z.string().optional(),
    /** The decoder; a name is looked up in PATH. */
    FOLLOWSPOT_FFMPEG: z.string().min(1).default("ffmpeg"),
  })
  .transform((env) => ({
    redisUrl: env.REDIS_URL,
    showDir: env.FOLLOWSPOT_SHOW,
    host: env.HOST,
    port: env.PORT,
    access: Access.parse(env.FOLLOWSPOT_TOKENS),
    ffmpeg: env.FOLLOWSPOT_FFMPEG,
  }));

export type IngestConfig = z.infer<typeof IngestEnv>;

/** @throws ConfigError that names every bad variable */
export function readIngestConfig(env: NodeJS.ProcessEnv): IngestConfig {
  return readEnv(IngestEnv, env);
}
