import { createRequire } from "node:module";
import { arch, cpus, release, totalmem, type } from "node:os";

/** What the figures were measured on. No host name: reports are shared. */
export function describeMachine() {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() || "unknown",
    cores: processors.length,
    memoryGb: Math.round(totalmem() / 1e8) / 10,
    os: `${type()} ${release()} ${arch()}`,
  };
}

/** Versions of what recognition alone stands on. */
export function describeRecognitionVersions(): Record<string, string> {
  return { node: process.versions.node, sharp: libraryVersion("sharp") };
}

/** Versions of what the live path stands on. `redis` is the server's own answer to INFO. */
export function describeVersions(redisInfo: string): Record<string, string> {
  return {
    node: process.versions.node,
    redis: /^(?:valkey|redis)_version:(\S+)/m.exec(redisInfo)?.[1] ?? "unknown",
    bullmq: libraryVersion("bullmq"),
    ioredis: libraryVersion("ioredis"),
    sharp: libraryVersion("sharp"),
    grpc: libraryVersion("@grpc/grpc-js"),
  };
}

/** Read from the library's own manifest, which not every library lets us import by name. */
function libraryVersion(name: string): string {
  const require = createRequire(import.meta.url);
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      return (require(`${folder}/${name}/package.json`) as { version: string }).version;
    } catch {
      // Installed further up.
    }
  }
  return "unknown";
}
