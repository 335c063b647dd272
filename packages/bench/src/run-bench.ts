import { UserError } from "@followspot/domain";
import type { BenchOptions } from "./bench-context.ts";
import { failover } from "./failover/failover.ts";
import { overhead } from "./overhead.ts";
import { overload } from "./overload.ts";
import { proposals } from "./proposals/proposals.ts";
import { recognize } from "./recognize/recognize.ts";
import { BenchReport } from "./report.ts";
import { sampleShow } from "./sample-show/sample-show.ts";
import { scores } from "./scores/scores.ts";
import { triton } from "./triton/triton.ts";

/** What can be measured, in a line each. */
export const BENCHES = {
  overhead: "from a camera's picture to a subscriber, without the model: 1 and 8 cameras, three model times",
  overload:
    "10, 50 and 100 cameras on one slow recognizer: age and fairness, and what other policies would do",
  "sample-show":
    "labels right per second of the sample show, by light and by scene, against its ground truth",
  recognize: "what looking at a picture costs, and training: milliseconds, memory",
  proposals: "how many of the true boxes are proposed, on the sample show and on scenes with masks",
  triton: "our client against NVIDIA's, on a real tritonserver with a model that answers at once",
  scores:
    "one picture, 30 labels: one pass of Qwen2-VL against 30 yes-or-no calls and a list, small, on the CPU",
  failover:
    "Triton is killed, and hangs, under load: time until the next label, and until it is in force again",
} as const;
export type BenchName = keyof typeof BENCHES;

const RUNS = {
  overhead,
  overload,
  "sample-show": sampleShow,
  recognize,
  proposals,
  triton,
  scores,
  failover,
} as const;

/** The benches that start a Redis server. */
export const BENCHES_WITH_REDIS: readonly BenchName[] = ["overhead", "overload", "failover"];

/** Runs a bench. It starts what it needs, in processes of its own, and ends it. @throws UserError for an unknown name */
export async function runBench(name: string, options: BenchOptions = {}): Promise<BenchReport> {
  const run = Object.hasOwn(RUNS, name) ? RUNS[name as BenchName] : undefined;
  if (!run) throw new UserError(`there is no bench "${name}": choose one of ${Object.keys(RUNS).join(", ")}`);
  const { seconds } = options;
  if (seconds !== undefined && !(seconds >= 1 && seconds <= 86_400)) {
    throw new UserError(`the seconds of a bench must be a number from 1 to 86400, not ${seconds}`);
  }
  return BenchReport.parse(await run(options));
}
