import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import type { TestContext } from "node:test";
import { until } from "@followspot/testkit";

const COMMAND = "packages/cli/bin/followspot.js";

/** How many ports `up` takes, from its base on. */
export const PORTS_NEEDED = 7;

export interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly errors: () => string;
  readonly ended: Promise<number | null>;
}

/** Runs a command of Followspot; it is killed at the end of the test where it still runs. */
export function followspot(t: TestContext, args: readonly string[]): Run {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: cleanEnv(),
  });
  t.after(() => child.kill("SIGKILL"));
  let output = "";
  let errors = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  // Not "exit": the last lines may still be in the pipe.
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, output: () => output, errors: () => errors, ended };
}

/** Waits until the command has said something on stderr. @throws Error with all that it said, also where it ends before */
export async function hasSaid(run: Run, words: string, withinMs = 150_000): Promise<void> {
  const heard = () => run.errors().includes(words) || run.child.exitCode !== null;
  try {
    await until(`the command says "${words}"`, heard, withinMs);
  } catch (error) {
    throw new Error(`${(error as Error).message}; it said:\n${run.errors()}`, { cause: error });
  }
  if (!run.errors().includes(words))
    throw new Error(`it ended instead of saying "${words}":\n${run.errors()}`);
}

/** Without what the test runner tells its own children. */
function cleanEnv(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  return env;
}

/**
 * A base port with room after it, below the ports that systems hand out by themselves (32768 and up) and above those of
 * `freePort`. Two test files that choose at the same time do not overlap.
 */
export async function basePort(): Promise<number> {
  for (let base = 20_000 + (process.pid % 1_500) * PORTS_NEEDED; ; base += PORTS_NEEDED) {
    const free = await Promise.all(
      Array.from({ length: PORTS_NEEDED }, (_, offset) => isFree(base + offset)),
    );
    if (free.every(Boolean)) return base;
  }
}

export async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
