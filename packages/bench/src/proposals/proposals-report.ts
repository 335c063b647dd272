import { z } from "zod";
import { Common, count, rate, SummaryShape } from "../report-parts.ts";

/** The share of the true boxes that one of the first 5, 10 or 20 proposals meets. */
const Recall = z.object({ boxes: count, at5: rate, at10: rate, at20: rate });

const ProposalSet = z.object({
  /** What the pictures are, in words. */
  pictures: z.string(),
  n: count,
  recall: Recall,
  /** By label on the sample show; by folder and mask elsewhere. */
  byLabel: z.record(z.string(), Recall),
  /** By the short side of the true box, in pixels of the picture that is looked at. */
  bySide: z.record(z.string(), Recall),
  proposalsMs: SummaryShape,
});

export const ProposalsReport = Common.extend({
  bench: z.literal("proposals"),
  /** From which intersection over union on a proposal meets a box. */
  iou: rate,
  sets: z.record(z.string(), ProposalSet),
  n: count,
});

export type ProposalsReport = z.infer<typeof ProposalsReport>;
export type ProposalSet = z.infer<typeof ProposalSet>;
export type Recall = z.infer<typeof Recall>;
