import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { UserError } from "@followspot/domain";

/** Under the data set's folder; hidden, so that what reads imagefolders passes it by. */
export const WRITERS = ".followspot/writers";
const WAIT_MS = 15_000;
const PAUSE_MS = 15;

/**
 * Runs `work` while no other process, and nobody else in this one, writes into the data set.
 *
 * Whoever wants the lock lays down a file that is his alone, named after host, process and its start, and then
 * looks: he has the lock if no other living writer's file is there, else he takes his away and tries again. Of two
 * who lay down at once at least one sees the other. Since no name comes twice, anybody may remove a dead
 * writer's file at any time, without the chance to hit a living one's.
 * @throws UserError naming the writer that did not finish in time.
 */
export async function withWriterLock<T>(
  datasetDir: string,
  work: () => Promise<T>,
  { waitMs = WAIT_MS, signal }: { readonly waitMs?: number; readonly signal?: AbortSignal } = {},
): Promise<T> {
  const folder = join(datasetDir, WRITERS);
  await mkdir(folder, { recursive: true });
  const mine = processMark();
  const until = performance.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    let other = await livingWriter(folder, mine);
    if (other === undefined) {
      await writeFile(join(folder, mine), "", { flag: "wx" });
      other = await livingWriter(folder, mine);
      if (other === undefined) break;
      await rm(join(folder, mine), { force: true });
    }
    if (performance.now() > until) {
      throw new UserError(
        `${datasetDir} is being written by ${describe(other)}: wait until it is done, or, if it no longer runs, remove ${join(folder, other)}`,
      );
    }
    await pause(PAUSE_MS * (0.5 + Math.random()));
  }
  try {
    return await work();
  } finally {
    await rm(join(folder, mine), { force: true });
  }
}

/** A name that says whose file this is and never comes twice: host, process id, the process's start, chance. */
export function processMark(): string {
  return [HOST, process.pid, startOf(process.pid) ?? 0, randomBytes(6).toString("hex")].join("~");
}

/** Whether the process that made this mark is surely over. Of another machine's process nobody knows. */
export function isOfTheDead(mark: string): boolean {
  const [host, pid, start] = mark.split("~");
  if (host !== HOST || !pid || !/^\d+$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
  // Process ids come again: the start tells two that shared one apart, where the system tells it.
  const startNow = startOf(Number(pid));
  return startNow !== undefined && start !== "0" && startNow !== start;
}

async function livingWriter(folder: string, mine: string): Promise<string | undefined> {
  for (const name of await readdir(folder)) {
    if (name === mine) continue;
    if (!isOfTheDead(name)) return name;
    await rm(join(folder, name), { force: true });
  }
  return undefined;
}

function describe(mark: string): string {
  const [host, pid] = mark.split("~");
  return host === HOST ? `process ${pid}` : `process ${pid} of ${host}`;
}

const HOST = hostname().replaceAll(/[^\w.-]/g, "-") || "host";

/** Field 22 of /proc/PID/stat, in clock ticks since the machine started; undefined where there is no /proc. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the program's name in brackets, and may hold spaces and brackets itself.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}
