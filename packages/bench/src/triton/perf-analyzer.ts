import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeBytes } from "@followspot/triton";
import type { PerfAnalyzer } from "@followspot/triton-server";
import type { LoadClient, LoadRequest, LoadResult } from "./load.ts";

/** It averages this many windows, and never measures fewer. */
const WINDOWS = 3;
/** Where nothing came back within a window, on a machine that stands still for a moment, it measures another one. */
const MOST_WINDOWS = 30;
/** Far from stable is good enough here: the rounds show the spread. */
const STABILITY_PERCENT = 500;

/** NVIDIA's load generator, started anew for each measurement, with a thread for each request at a time. */
export async function perfAnalyzerClient(
  { path, env }: PerfAnalyzer,
  { target, model, jpeg, labels }: LoadRequest,
): Promise<LoadClient> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-perf-analyzer-"));
  const input = join(dir, "input.json");
  const image = { b64: Buffer.from(encodeBytes([jpeg])).toString("base64"), shape: [1] };
  await writeFile(
    input,
    JSON.stringify({ data: [{ image, labels: { content: labels, shape: [labels.length] } }] }),
  );
  return {
    run: async (concurrency, seconds) => {
      const csv = join(dir, "result.csv");
      await rm(csv, { force: true });
      const options = {
        "-m": model,
        "-i": "grpc",
        "-u": target,
        "--input-data": input,
        "--shape": `labels:${labels.length}`,
        "--concurrency-range": concurrency,
        "-p": Math.round((seconds * 1_000) / WINDOWS),
        "-r": MOST_WINDOWS,
        "-s": STABILITY_PERCENT,
        "-f": csv,
      };
      const args = Object.entries(options).flatMap(([name, value]) => [name, String(value)]);
      const child = spawn(path, args, {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, ...env },
      });
      let said = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)));
      await once(child, "close");
      const text = await readFile(csv, "utf8").catch(() => {
        throw new Error(`perf_analyzer measured nothing:\n${said}`);
      });
      return parsePerfAnalyzerCsv(text);
    },
    close: () => rm(dir, { recursive: true, force: true }),
  };
}

/** Its times are in microseconds. @throws Error where a column is missing */
export function parsePerfAnalyzerCsv(text: string): LoadResult {
  const [heads = [], values = []] = text.split("\n").map((line) => line.split(","));
  const column = (name: string): number => {
    const value = Number(values[heads.indexOf(name)]);
    if (!Number.isFinite(value)) throw new Error(`perf_analyzer's report has no ${name}:\n${text}`);
    return value;
  };
  return {
    inferencesPerSecond: column("Inferences/Second"),
    p50Ms: column("p50 latency") / 1_000,
    p90Ms: column("p90 latency") / 1_000,
    p99Ms: column("p99 latency") / 1_000,
  };
}
