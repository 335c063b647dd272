import { z } from "zod";

/** What the reports of all benches are made of. Times are milliseconds, memory is as its name says. */

export const count = z.number().int().min(0);
export const counts = z.record(z.string(), count);
export const rate = z.number().min(0).max(1);

export const SummaryShape = z.object({
  n: count,
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});

/** What each process cost during the measurement, by its name. */
export const Processes = z.record(
  z.string(),
  z.object({ cpuSeconds: z.number().min(0), rssMbStart: z.number(), rssMbEnd: z.number() }),
);

export const Goal = z.object({ goal: z.string(), value: z.number(), met: z.boolean() });

export const Common = z.object({
  machine: z.object({ cpu: z.string(), cores: count, memoryGb: z.number(), os: z.string() }),
  versions: z.record(z.string(), z.string()),
  seed: count,
  startedAt: z.iso.datetime(),
  /** Of the whole bench, start and stop of the processes included. */
  seconds: z.number().min(0),
  conditions: z.array(z.string().min(1)).min(1),
  goals: z.array(Goal),
});

export type ProcessCosts = z.infer<typeof Processes>;
export type Goal = z.infer<typeof Goal>;
