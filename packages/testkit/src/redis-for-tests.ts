import { after, type TestContext } from "node:test";
import { findRedisBinary, PrivateRedis, type PrivateRedisOptions } from "@followspot/redis-server";

/**
 * What to pass as `skip` to tests that need Redis: undefined where a server is installed or must be (in CI a missing
 * server is a failure), otherwise the reason.
 */
export const withoutRedis: string | false =
  findRedisBinary() || process.env.CI ? false : "no redis-server or valkey-server is installed";

/** A private server for one test, or (without a context) for the whole test file. */
export async function redisForTests(
  context?: Pick<TestContext, "after">,
  options?: PrivateRedisOptions,
): Promise<PrivateRedis> {
  // On a slow disk Redis answers before it has written, and what it answered would be lost with `kill`.
  const server = await PrivateRedis.start({ syncEachWrite: options?.appendOnly ?? false, ...options });
  if (context) context.after(() => server.close());
  else after(() => server.close());
  return server;
}
