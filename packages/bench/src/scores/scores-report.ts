import { z } from "zod";
import { Common, count, SummaryShape } from "../report-parts.ts";

export const ScoresReport = Common.extend({
  bench: z.literal("scores"),
  labels: count,
  /** Of the whole question about one picture, as the client sees it. */
  onePassMs: SummaryShape,
  /** The same contract, a request for each label, eight at a time: the server may put them into one batch. */
  callForEachMs: SummaryShape,
  /** Yes or no for each label on the `vllm` contract, eight at a time. */
  yesNoCallsMs: SummaryShape,
  /** One JSON list on the `vllm` contract. */
  listMs: SummaryShape,
  /** How many times longer than the one pass, by the medians. */
  ratios: z.object({ callForEach: z.number(), yesNoCalls: z.number(), list: z.number() }),
  /** The widest gap between a score of the one pass and that of the call for it alone. */
  widestGap: z.number(),
});

export type ScoresReport = z.infer<typeof ScoresReport>;
