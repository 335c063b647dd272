export type { BenchOptions } from "./bench-context.ts";
export { formatReport } from "./format-report.ts";
export { BenchReport } from "./report.ts";
export { BENCHES, BENCHES_WITH_REDIS, type BenchName, runBench } from "./run-bench.ts";
