import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["redis-server", "valkey-server"];
/** Where package managers put it without touching a service's PATH. */
const EXTRA_FOLDERS = [
  "/usr/sbin",
  "/usr/local/sbin",
  "/usr/local/bin",
  "/opt/homebrew/bin",
  "/opt/local/bin",
  "/snap/bin",
];

/** The path of a Redis or Valkey server, or undefined. `FOLLOWSPOT_REDIS_SERVER` goes before the search path. */
export function findRedisBinary(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const folders = [...(env.PATH ?? "").split(delimiter), ...EXTRA_FOLDERS].filter((folder) => folder !== "");
  const candidates = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [env.FOLLOWSPOT_REDIS_SERVER, ...candidates].find(
    (path) => path !== undefined && isExecutable(path),
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
