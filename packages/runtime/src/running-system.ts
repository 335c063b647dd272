import { mkdir, readFile, rename, stat, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@followspot/domain";
import { z } from "zod";
import type { Closable } from "./closer.ts";

const FILE = "running.json";
const MAX_BYTES = 16 * 1024;

const RunningSystemFile = z.object({
  /** Of the process that started everything. */
  pid: z.number().int().positive(),
  startedAt: z.string(),
  /** With the password in it. */
  redisUrl: z.string().min(1),
  console: z.string().min(1),
  results: z.string().min(1),
  ingest: z.string().min(1),
  /** grpc://host:port of the server that hosts the show's understudy. */
  understudy: z.string().min(1),
  /** Lets a subscriber or a camera of this machine in; absent where no token is needed. */
  token: z.string().optional(),
  /** Lets somebody of this machine set the scene; absent where no token is needed. */
  operateToken: z.string().optional(),
});

/** How the other commands of this machine reach the system that runs a show. */
export type RunningSystem = z.infer<typeof RunningSystemFile>;

function fileOf(showDir: string): string {
  return join(showDir, ".followspot", FILE);
}

/**
 * Writes where the system of a show is reached, readable by its own user only: there is a password in it. Closing takes
 * the file away, unless another system has put its own there since.
 */
export async function announceSystem(showDir: string, system: RunningSystem): Promise<Closable> {
  const file = fileOf(showDir);
  const part = `${file}.${process.pid}.part`;
  await mkdir(join(showDir, ".followspot"), { recursive: true });
  await unlink(part).catch(() => {});
  await writeFile(part, `${JSON.stringify(system, undefined, 2)}\n`, { mode: 0o600 });
  await rename(part, file);
  return {
    close: async () => {
      const now = await readRunning(file).catch(() => undefined);
      if (now?.pid === system.pid && now.startedAt === system.startedAt) await unlink(file).catch(() => {});
    },
  };
}

/**
 * The system that runs this show on this machine, or undefined. A file that a killed system has left behind does not
 * count: its process is gone.
 * @throws UserError where the file is not what `up` writes
 */
export async function findSystem(showDir: string): Promise<RunningSystem | undefined> {
  const found = await readRunning(fileOf(showDir));
  return found && isAlive(found.pid) ? found : undefined;
}

async function readRunning(file: string): Promise<RunningSystem | undefined> {
  const facts = await stat(file).catch(() => undefined);
  if (!facts) return undefined;
  const refusal = `${file} is not what followspot up writes: delete it and start followspot up again`;
  if (facts.size > MAX_BYTES) throw new UserError(refusal);
  try {
    return RunningSystemFile.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    // Gone between the two looks: the system has just stopped.
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UserError(refusal, { cause });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
