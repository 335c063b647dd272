export type { BenchOptions } from "./bench-context.ts";
export { formatReport } from "./format-report.ts";
export { BenchReport } from "./report.ts";
export { BENCHES, type BenchName, runBench } from "./run-bench.ts";
