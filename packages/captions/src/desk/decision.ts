import { z } from "zod";
import { cleanText } from "../chat/clean-text.ts";

/** As packages/dataset reads them. */
export const MOST_CAPTION = 4_096;

/** What a person makes of a draft. `despite` names the flags that the person has seen and does not mind. */
export const DecisionSchema = z.discriminatedUnion("decision", [
  z.object({ decision: z.literal("accept"), despite: z.array(z.string().max(5_000)).max(200).optional() }),
  z.object({
    decision: z.literal("edit"),
    caption: z
      .string("an edit needs the new text")
      .max(MOST_CAPTION, `at most ${MOST_CAPTION} characters are allowed`)
      .refine((text) => cleanText(text) !== "", "an edit needs the new text"),
    despite: z.array(z.string().max(5_000)).max(200).optional(),
  }),
  z.object({ decision: z.literal("refuse") }),
]);
export type Decision = z.infer<typeof DecisionSchema>;

const Base = {
  file_name: z.string().min(1).max(1_024),
  draft: z.string().max(64),
  who: z.string().max(100),
  at: z.string().max(40),
};

/** One line of history.jsonl: written before the data set is changed, so that no old caption can be lost. */
export const HistoryLine = z.union([
  z.object({
    ...Base,
    decision: z.enum(["accept", "edit"]),
    old: z.string().nullable(),
    caption: z.string(),
    /** SHA-256 of the line before and after. */
    before: z.string().length(64),
    after: z.string().length(64),
    /** The line as it was, byte for byte: undo puts it back. */
    line: z.string(),
    /** The parts that the draft was made of, for descriptions and for teaching. */
    parts: z.object({ identity: z.string(), state: z.string(), place: z.string() }),
    models: z.object({ look: z.string().nullable(), tidy: z.string() }),
  }),
  z.object({ ...Base, decision: z.literal("refuse") }),
  /** Takes the decision about this draft back. */
  z.object({ ...Base, decision: z.literal("undo") }),
]);
export type HistoryLine = z.infer<typeof HistoryLine>;
