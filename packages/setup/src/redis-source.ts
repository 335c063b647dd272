import { UserError } from "@followspot/domain";
import type { RedisServerSource } from "@followspot/redis-server";
import { findContainerEngine } from "./container-engine.ts";
import { ensureTool } from "./ensure-tool.ts";
import { REDIS } from "./system-tool.ts";

const IMAGE = "docker.io/valkey/valkey:8";

/**
 * Where a private Redis server can come from: a binary that is there, else the package manager, else a container.
 * `FOLLOWSPOT_REDIS_IMAGE` names another image. @throws UserError with one sentence that says what to install.
 */
export async function ensureRedisServer(say: (line: string) => void): Promise<RedisServerSource> {
  const result = await ensureTool(REDIS, say);
  if (result.found) return { kind: "binary", path: result.path };
  const engine = findContainerEngine();
  if (engine) {
    const image = process.env.FOLLOWSPOT_REDIS_IMAGE ?? IMAGE;
    say(`no Redis server is installed: starting ${image} in a container`);
    return { kind: "container", engine, image };
  }
  throw new UserError(result.advice);
}
