import { z } from "zod";
import { Common, count, counts, SummaryShape } from "../report-parts.ts";

const Fault = z.object({
  /** "kill": the process is gone. "hang": it is stopped, its connections stay open. */
  fault: z.enum(["kill", "hang"]),
  repetitions: count,
  /** From the fault to the first label of the next rung at a subscriber, of the camera that waited longest. */
  nextLabelMs: SummaryShape,
  /** The longest time between two labels of one camera around the fault. */
  silenceMs: SummaryShape,
  /** From the moment in which the server was ready again to the first label of the better rung at the subscriber. */
  promotedMs: SummaryShape,
});

export const FailoverReport = Common.extend({
  bench: z.literal("failover"),
  server: z.enum(["tritonserver", "scripted"]),
  deadlineMs: count,
  faults: z.array(Fault).min(1),
  observations: count,
  /** Frames that two observations were published of, and observations older than one before: must be none. */
  twice: count,
  outOfOrder: count,
  drops: counts,
});

export type FailoverReport = z.infer<typeof FailoverReport>;
export type FaultReport = z.infer<typeof Fault>;
