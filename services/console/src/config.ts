import { Access, ConfigError, envPart, isLoopback, readEnv } from "@followspot/runtime";
import { z } from "zod";

const address = z.url({ protocol: /^(?:https?|wss?)$/ });

const ConsoleEnv = z
  .object({
    REDIS_URL: envPart.redisUrl,
    FOLLOWSPOT_SHOW: envPart.showDir,
    HOST: envPart.host,
    PORT: envPart.port.default(4600),
    FOLLOWSPOT_TOKENS: z.string().optional(),
    // As a browser reaches them. A loopback address means: on the host that served the page.
    RESULTS_URL: address.default("http://127.0.0.1:4601"),
    INGEST_URL: address.default("http://127.0.0.1:4602"),
    // Time between two looks at a camera's newest frame, while somebody watches it.
    PICTURE_INTERVAL_MS: envPart.ms.min(20).max(5_000).default(66),
    MAX_PAGES: z.coerce.number().int().min(1).max(1_000).default(64),
  })
  .transform((env) => ({
    redisUrl: env.REDIS_URL,
    showDir: env.FOLLOWSPOT_SHOW,
    host: env.HOST,
    port: env.PORT,
    tokens: env.FOLLOWSPOT_TOKENS,
    resultsUrl: env.RESULTS_URL,
    ingestUrl: env.INGEST_URL,
    pictureIntervalMs: env.PICTURE_INTERVAL_MS,
    maxPages: env.MAX_PAGES,
  }));

export type ConsoleConfig = Omit<z.infer<typeof ConsoleEnv>, "tokens"> & { readonly access: Access };

/** @throws ConfigError naming every variable that is not usable. */
export function readConsoleConfig(env: NodeJS.ProcessEnv): ConsoleConfig {
  const { tokens, ...config } = readEnv(ConsoleEnv, env);
  const access = parseAccess(tokens);
  if (!access.required && !isLoopback(config.host)) {
    throw new ConfigError(
      "HOST is reachable from other machines, so FOLLOWSPOT_TOKENS must name at least one token, as read:TOKEN",
    );
  }
  return { ...config, access };
}

function parseAccess(tokens: string | undefined): Access {
  try {
    return Access.parse(tokens);
  } catch (error) {
    throw new ConfigError(`FOLLOWSPOT_TOKENS: ${error instanceof Error ? error.message : "not usable"}`);
  }
}
