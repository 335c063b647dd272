import { table } from "../text-table.ts";
import type { Level, Load, TritonReport } from "./triton-report.ts";

/** The result for the terminal. */
export function tritonLines({ byConcurrency, batched }: TritonReport): string[] {
  return [
    "a model that answers at once",
    ...levelLines(byConcurrency),
    ...(batched ? ["", "the same model with dynamic batching", ...levelLines(batched)] : []),
  ];
}

function levelLines(levels: Readonly<Record<string, Level>>): string[] {
  const rows = Object.entries(levels).flatMap(([concurrency, { ours, perfAnalyzer, pythonClient }]) => [
    [`${concurrency} at a time: ours`, ...cells(ours)],
    ["  perf_analyzer", ...cells(perfAnalyzer)],
    ["  Python client", ...cells(pythonClient)],
  ]);
  return table([["", "a second", "least", "most", "p50 ms", "p90", "p99", "CPU ms"], ...rows]);
}

function cells({ inferencesPerSecond, spread, p50Ms, p90Ms, p99Ms, cpuMsPerInference }: Load): string[] {
  return [
    ...[inferencesPerSecond, spread.min, spread.max].map((value) => value.toFixed(0)),
    ...[p50Ms, p90Ms, p99Ms].map((value) => value.toFixed(2)),
    cpuMsPerInference?.toFixed(2) ?? "",
  ];
}
