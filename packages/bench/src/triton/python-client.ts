import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { PythonEnvironment } from "@followspot/triton-server";
import type { LoadClient, LoadRequest, LoadResult } from "./load.ts";

/** NVIDIA's Python client, as many blocking threads as requests at a time. */
export async function pythonClient(
  { python }: PythonEnvironment,
  { jpeg, ...request }: LoadRequest,
): Promise<LoadClient> {
  const child = spawn(python, [join(import.meta.dirname, "load.py")], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (question: unknown): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`the Python client ended:\n${said}`);
    return JSON.parse(value);
  };
  await ask({ ...request, jpeg: jpeg.toString("base64") });
  return {
    run: async (concurrency, seconds) => (await ask({ concurrency, seconds })) as LoadResult,
    close: async () => {
      const ended = once(child, "exit");
      child.stdin.end();
      await ended;
    },
  };
}
