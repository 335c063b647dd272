import { z } from "zod";

export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** Reads the environment once, at start. Names every bad variable; prints no value, as it may be a secret. */
export function readEnv<T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T {
  const result = schema.safeParse(env);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new ConfigError(`the environment is not usable:\n${problems.join("\n")}`);
}

/** Pieces that several services' schemas are made of. */
export const envPart = {
  ms: z.coerce.number().int().positive(),
  port: z.coerce.number().int().min(0).max(65_535),
  /** Loopback unless a person says otherwise. */
  host: z.string().min(1).default("127.0.0.1"),
  redisUrl: z.url({ protocol: /^rediss?$/ }),
  showDir: z.string().min(1),
} as const;
