import { envPart, readEnv } from "@followspot/runtime";
import { z } from "zod";

const DEFAULT_MAX_WAITING = 32;

const UnderstudyEnv = z
  .object({
    HOST: envPart.host,
    PORT: envPart.port.default(4603),
    HEALTH_PORT: envPart.port.default(4606),
    MODEL_REPOSITORY: z.string().min(1),
    RECOGNIZER_THREADS: z.coerce.number().int().min(1).max(64).default(1),
    MAX_WAITING: z.coerce.number().int().min(1).max(4_096).default(DEFAULT_MAX_WAITING),
  })
  .transform((env) => ({
    host: env.HOST,
    port: env.PORT,
    healthPort: env.HEALTH_PORT,
    modelsDir: env.MODEL_REPOSITORY,
    threads: env.RECOGNIZER_THREADS,
    maxWaiting: env.MAX_WAITING,
  }));

export type UnderstudyConfig = z.infer<typeof UnderstudyEnv>;

export function readUnderstudyConfig(env: NodeJS.ProcessEnv): UnderstudyConfig {
  return readEnv(UnderstudyEnv, env);
}
