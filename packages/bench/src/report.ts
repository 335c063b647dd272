import { z } from "zod";
import { FailoverReport } from "./failover/failover-report.ts";
import { ProposalsReport } from "./proposals/proposals-report.ts";
import { RecognizeReport } from "./recognize/recognize-report.ts";
import { Common, count, counts, Processes, rate, SummaryShape } from "./report-parts.ts";
import { ScoresReport } from "./scores/scores-report.ts";
import { TritonReport } from "./triton/triton-report.ts";

/** The shapes of what the benches report. */

const OverheadCell = z.object({
  cameras: count,
  fps: z.number(),
  /** What the scripted model was told to take, and what it took. */
  modelMs: z.number(),
  measuredModelMs: SummaryShape,
  /** From capture to the subscriber, without the time inside the model server. */
  overheadMs: SummaryShape,
  /** The same with it. */
  endToEndMs: SummaryShape,
  /** Where the overhead goes. The appended times have a resolution of 1 ms; everything else is exact. */
  hopsMs: z.object({
    /** From the stamp at ingest to the worker's question: ingest's work, Redis, token, reading. */
    capturedToAsked: SummaryShape,
    /** The call as the worker sees it, minus the time inside the server. */
    callWithoutModel: SummaryShape,
    answeredToAppended: SummaryShape,
    /** The results service, its WebSocket and the client. */
    appendedToReceived: SummaryShape,
  }),
  /** What this machine takes for the least: a PING to Redis and back, as often as a camera sends. The path has several. */
  redisPingMs: SummaryShape,
  n: count,
  sent: count,
  drops: counts,
  processes: Processes,
});

export const OverheadReport = Common.extend({
  bench: z.literal("overhead"),
  /** Which cell `overheadMs`, `n` and `drops` are of. */
  headline: z.string(),
  overheadMs: SummaryShape,
  n: count,
  drops: counts,
  cells: z.array(OverheadCell).min(1),
});

const OverloadLevel = z.object({
  cameras: count,
  fps: z.number(),
  seconds: z.number(),
  /** From capture to an observer of the observation stream. */
  ageMs: SummaryShape,
  /** From capture to the worker's question. */
  ageAtStartMs: SummaryShape,
  /** Mean time that the scripted server worked on a frame, and that a frame waited for it there. */
  serviceMs: z.number(),
  queueMs: z.number(),
  /** Inferences a second. */
  throughput: z.number(),
  /** Jain's index of the inferences of each camera, and the best that so many inferences can have. */
  fairness: z.number(),
  bestFairness: z.number(),
  inferences: count,
  published: count,
  drops: counts,
  redisMemoryBytes: z.object({ start: count, end: count }),
  rssMb: z.object({ start: z.number(), end: z.number() }),
  processes: Processes,
});

const Policy = z.object({
  name: z.string(),
  description: z.string(),
  cameras: count,
  ageMs: SummaryShape,
  fairness: z.number(),
  inferences: count,
  drops: counts,
  waiting: count,
});

export const OverloadReport = Common.extend({
  bench: z.literal("overload"),
  byCameras: z.record(z.string(), OverloadLevel),
  /** Simulated, ours included, each on the same trace. */
  policies: z.array(Policy),
});

const MacroF1 = z.object({ macroF1: rate });
/** Of the seconds of one light or one scene, with how many they are: a few seconds say little. */
const Condition = MacroF1.extend({ seconds: count });

export const SampleShowReport = Common.extend({
  bench: z.literal("sample-show"),
  macroF1: rate,
  byLabel: z.record(
    z.string(),
    z.object({ precision: rate, recall: rate, f1: rate, secondsOnStage: count, secondsCounted: count }),
  ),
  strict: MacroF1,
  perFrame: MacroF1,
  byLight: z.record(z.string(), Condition),
  byScene: z.record(z.string(), Condition),
  modelMs: SummaryShape,
  n: count,
});

export const BenchReport = z.discriminatedUnion("bench", [
  OverheadReport,
  OverloadReport,
  SampleShowReport,
  RecognizeReport,
  ProposalsReport,
  TritonReport,
  ScoresReport,
  FailoverReport,
]);

export type BenchReport = z.infer<typeof BenchReport>;
export type OverheadReport = z.infer<typeof OverheadReport>;
export type OverloadReport = z.infer<typeof OverloadReport>;
export type SampleShowReport = z.infer<typeof SampleShowReport>;
export type OverheadCell = z.infer<typeof OverheadCell>;
export type OverloadLevel = z.infer<typeof OverloadLevel>;
export type { Goal, ProcessCosts } from "./report-parts.ts";
