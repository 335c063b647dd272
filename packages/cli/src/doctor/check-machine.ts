import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { freemem, totalmem } from "node:os";
import { promisify } from "node:util";
import { adviceFor, FFMPEG, findContainerEngine, REDIS, type SystemTool } from "@followspot/setup";
import { type CheckResult, missing, note, ok } from "./check.ts";

const MIN_DISK_BYTES = 1e9;
/** What the services need together, with room for the system. */
const MIN_MEMORY_BYTES = 1.5e9;
const VERSION_WITHIN_MS = 5_000;

/** What the machine must offer; `decodes` tells whether the show has a camera that needs ffmpeg. */
export async function checkMachine(dir: string, decodes: boolean): Promise<CheckResult[]> {
  return [
    ok("node", `${process.version} at ${process.execPath}`),
    await checkRedis(),
    await checkTool(FFMPEG, "ffmpeg", ["-version"], decodes),
    checkContainers(),
    checkMemory(),
    await checkDisk(dir),
  ];
}

async function checkRedis(): Promise<CheckResult> {
  const found = await checkTool(REDIS, "redis", ["--version"], true);
  if (found.state !== "missing" || !findContainerEngine()) return found;
  return note("redis", "no server is installed; a container will be used", found.advice);
}

async function checkTool(
  tool: SystemTool,
  name: string,
  versionArgs: readonly string[],
  needed: boolean,
): Promise<CheckResult> {
  const path = tool.find();
  if (path) return ok(name, `${await firstLine(path, versionArgs)} at ${path}`);
  if (needed) return missing(name, `${tool.name} is not installed`, adviceFor(tool));
  return note(name, "not installed, and no camera of this show needs it");
}

async function firstLine(path: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(path, args, { timeout: VERSION_WITHIN_MS });
    return stdout.split("\n")[0]?.slice(0, 80) ?? "";
  } catch {
    return "present, but does not say its version";
  }
}

function checkContainers(): CheckResult {
  const engine = findContainerEngine();
  return engine
    ? ok("containers", `an engine answers ${engine}`)
    : note("containers", "no container engine answers; only the container tests and image builds need one");
}

function checkMemory(): CheckResult {
  const detail = `${gigabytes(freemem())} of ${gigabytes(totalmem())} GB free`;
  return freemem() < MIN_MEMORY_BYTES
    ? note("memory", detail, `Followspot needs about ${gigabytes(MIN_MEMORY_BYTES)} GB: close other programs`)
    : ok("memory", detail);
}

async function checkDisk(dir: string): Promise<CheckResult> {
  try {
    const { bavail, bsize } = await statfs(dir);
    const free = bavail * bsize;
    const detail = `${gigabytes(free)} GB free where the show lies`;
    return free < MIN_DISK_BYTES
      ? missing("disk", detail, "free at least 1 GB: events and logs are written there")
      : ok("disk", detail);
  } catch {
    return missing("disk", `${dir} cannot be looked at`, "check that the folder exists and may be read");
  }
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
