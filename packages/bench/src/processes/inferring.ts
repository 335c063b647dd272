/** Our client in a process of its own: asks the same question over and over, so many at a time. */
import { scoresParts, parseScores, TritonClient } from "@followspot/triton";
import { percentile } from "../summary.ts";
import type { LoadResult } from "../triton/load.ts";
import { untilSteady } from "../triton/until-steady.ts";
import { serveParent } from "./serve-parent.ts";

export interface InferringQuestion {
  readonly address: string;
  readonly model: string;
  readonly batched: boolean;
  readonly jpeg: Uint8Array;
  readonly labels: readonly string[];
}

const WARM_UP_S = 0.3;
/** Before the first round, until the engine has compiled what is asked over and over: 20 s at most. */
const FIRST_WARM_UPS = { concurrencies: [4, 1], seconds: 0.4, most: 25 };
const DEADLINE_MS = 10_000;

let question: InferringQuestion | undefined;
let client: TritonClient | undefined;
let asked = 0;

serveParent("inferring", {
  open: async (opened: InferringQuestion) => {
    await client?.close();
    question = opened;
    client = await TritonClient.connect({ address: opened.address });
    const { concurrencies, seconds, most } = FIRST_WARM_UPS;
    for (const concurrency of concurrencies) {
      await untilSteady(async () => (await load(concurrency, seconds)).p50Ms, most);
    }
  },
  load: async ({ concurrency, seconds }: { concurrency: number; seconds: number }) => {
    await load(concurrency, WARM_UP_S);
    return load(concurrency, seconds);
  },
});

async function load(concurrency: number, seconds: number): Promise<LoadResult> {
  const startedAtMs = performance.now();
  const cpu = process.cpuUsage();
  const times: number[] = [];
  const endsAtMs = startedAtMs + seconds * 1_000;
  await Promise.all(Array.from({ length: concurrency }, () => askUntil(endsAtMs, times)));
  const { user, system } = process.cpuUsage(cpu);
  const elapsedS = (performance.now() - startedAtMs) / 1_000;
  const ascending = Float64Array.from(times).sort();
  return {
    inferencesPerSecond: times.length / elapsedS,
    p50Ms: percentile(ascending, 50),
    p90Ms: percentile(ascending, 90),
    p99Ms: percentile(ascending, 99),
    cpuMsPerInference: (user + system) / 1_000 / times.length,
  };
}

/** From the question as the worker has it, to the checked answer. */
async function askUntil(endsAtMs: number, times: number[]): Promise<void> {
  if (!client || !question) throw new Error("nothing was opened");
  const { model, batched, jpeg, labels } = question;
  for (let now = performance.now(); now < endsAtMs; ) {
    const parts = scoresParts({ model, batched, jpeg, labels, id: String(++asked) });
    const response = await client.infer(parts, { deadlineMs: DEADLINE_MS });
    parseScores(response, { asked: labels, batched });
    const then = performance.now();
    times.push(then - now);
    now = then;
  }
}
