import { z } from "zod";
import { Common, count } from "../report-parts.ts";

/** What one client did at one concurrency: medians over the rounds, and how far these lay apart. */
const Load = z.object({
  inferencesPerSecond: z.number().min(0),
  spread: z.object({ min: z.number().min(0), max: z.number().min(0) }),
  p50Ms: z.number().min(0),
  p90Ms: z.number().min(0),
  p99Ms: z.number().min(0),
  /** CPU time of the client's process, where it can be read. */
  cpuMsPerInference: z.number().min(0).optional(),
});

const Clients = z.object({ ours: Load, perfAnalyzer: Load, pythonClient: Load });

/** The clients at one concurrency, against each other. */
const Level = Clients.extend({
  /** Ours by perf_analyzer's, median of the rounds' own ratios. */
  throughputRatio: z.number().min(0),
  /** Ours minus perf_analyzer's, likewise. */
  p50DifferenceMs: z.number(),
});

export const TritonReport = Common.extend({
  bench: z.literal("triton"),
  /** The concurrency that the three figures below are of. */
  headlineConcurrency: count,
  ...Clients.shape,
  byConcurrency: z.record(z.string(), Level),
  /** The same requests to the same model with dynamic batching; absent in a quick run. */
  batched: z.record(z.string(), Level).optional(),
  request: z.object({ imageBytes: count, labels: count }),
  rounds: count,
});

export type Load = z.infer<typeof Load>;
export type Level = z.infer<typeof Level>;
export type TritonReport = z.infer<typeof TritonReport>;
