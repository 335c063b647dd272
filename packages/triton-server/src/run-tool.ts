import { spawn } from "node:child_process";
import { once } from "node:events";

/** Enough of a program's talk to see why it failed. */
const KEPT_OUTPUT = 4_000;
const DEADLINE_MS = 30 * 60_000;

export interface ToolRun {
  readonly ok: boolean;
  /** What it said last, for a message to a person. */
  readonly lastLine: string;
}

/** Runs a program to its end without asking or printing anything. */
export async function runTool(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<ToolRun> {
  const child = spawn(program, args, {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: DEADLINE_MS,
    env: { ...process.env, ...env },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-KEPT_OUTPUT);
    });
  }
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { ok: code === 0, lastLine: output.trim().split("\n").at(-1)?.trim() ?? "" };
  } catch (error) {
    return { ok: false, lastLine: String(error) };
  }
}
