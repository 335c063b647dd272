import { BenchProcess } from "../bench-process.ts";
import type { InferringQuestion } from "../processes/inferring.ts";
import type { LoadClient, LoadRequest, LoadResult } from "./load.ts";

/** It warms up for 20 s at most. */
const OPEN_DEADLINE_MS = 60_000;

/** Our client, in a process that does nothing else. */
export async function ourClient({ target, ...request }: LoadRequest): Promise<LoadClient> {
  const process = await BenchProcess.start({
    name: "our client",
    entry: "packages/bench/src/processes/inferring.ts",
    env: {},
  });
  const question: InferringQuestion = { ...request, address: `grpc://${target}` };
  await process.ask("open", { ...question }, { deadlineMs: OPEN_DEADLINE_MS });
  return {
    run: (concurrency, seconds) =>
      process.ask<LoadResult>("load", { concurrency, seconds }, { deadlineMs: seconds * 1_000 + 30_000 }),
    close: () => process.close(),
  };
}
