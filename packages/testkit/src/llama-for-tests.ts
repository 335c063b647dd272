import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { freePort } from "@followspot/redis-server";

const PACKAGE = fileURLToPath(new URL("../../../deploy/llama", import.meta.url));
const LEAST_AND_MOST_TOKENS = ["4", "64"];

/** Where llama.cpp's own server is, and what it wrote. */
export interface LlamaServer {
  readonly url: string;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

export interface LlamaOptions {
  /** The interpreter of the environment "llama". */
  readonly python: string;
  /** A checkpoint of transformers; random weights where left out. */
  readonly checkpoint?: string;
}

/** Writes a small model as GGUF files and serves it with llama.cpp, on the CPU; for the whole file without a context. */
export async function llamaForTests(
  { python, checkpoint }: LlamaOptions,
  context?: TestContext,
): Promise<LlamaServer> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-llama-"));
  const atEnd = (close: () => Promise<void>): void => (context ? context.after(close) : after(close));
  atEnd(() => rm(dir, { recursive: true, force: true }));
  const folder = join(dir, "tiny");
  await run(python, [
    "-m",
    "followspot_gguf.make",
    folder,
    ...(checkpoint ? ["--checkpoint", checkpoint] : []),
  ]);
  const port = await freePort();
  const words = [
    "-m",
    "followspot_gguf.serve",
    folder,
    "--port",
    String(port),
    "--image-tokens",
    ...LEAST_AND_MOST_TOKENS,
  ];
  // Ends with its standard input, so also with this process.
  const child = spawn(python, words, { cwd: PACKAGE, stdio: ["pipe", "pipe", "pipe"] });
  let output = "";
  child.stderr.on("data", (chunk: Buffer) => (output = (output + chunk.toString()).slice(-100_000)));
  const ended = once(child, "close");
  const stop = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
  };
  atEnd(stop);
  const [line] = await Promise.race([
    once(createInterface(child.stdout), "line") as Promise<[string]>,
    ended.then(() => Promise.reject(new Error(`llama.cpp's server ended while starting:\n${output}`))),
  ]);
  return { url: (JSON.parse(line) as { address: string }).address, output: () => output, stop };
}

async function run(python: string, words: readonly string[]): Promise<void> {
  const child = spawn(python, words, { cwd: PACKAGE, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`${words.join(" ")} failed:\n${said}`);
}
