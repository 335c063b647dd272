import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

export interface ProcessUsage {
  /** User and system time since the process began. */
  readonly cpuSeconds: number;
  readonly rssMb: number;
}

/** Linux counts CPU time in hundredths of a second on every machine that we know. */
const TICKS_PER_SECOND = 100;
const GONE: ProcessUsage = { cpuSeconds: 0, rssMb: 0 };

/** What a process has cost so far; zero where it is gone. */
export async function readProcessUsage(pid: number): Promise<ProcessUsage> {
  try {
    return process.platform === "linux" ? await fromProc(pid) : await fromPs(pid);
  } catch {
    return GONE;
  }
}

async function fromProc(pid: number): Promise<ProcessUsage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, "utf8"),
    readFile(`/proc/${pid}/status`, "utf8"),
  ]);
  // The second field is the program's name in parentheses, which may hold anything. (proc(5))
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  const rssKb = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0);
  return { cpuSeconds: ticks / TICKS_PER_SECOND, rssMb: rssKb / 1_024 };
}

async function fromPs(pid: number): Promise<ProcessUsage> {
  const { stdout } = await promisify(execFile)("ps", ["-o", "rss=,time=", "-p", String(pid)]);
  const [rssKb = "0", time = "0"] = stdout.trim().split(/\s+/);
  return { cpuSeconds: parseCpuTime(time), rssMb: Number(rssKb) / 1_024 };
}

/** `[days-][hours:]minutes:seconds`, the seconds perhaps with a fraction. */
export function parseCpuTime(text: string): number {
  const [days, clock] = text.includes("-") ? text.split("-") : ["0", text];
  const seconds = (clock ?? "").split(":").reduce((total, part) => total * 60 + Number(part), 0);
  return Number(days) * 86_400 + seconds;
}
