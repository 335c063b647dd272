import { ID_PATTERN } from "@followspot/domain";
import { z } from "zod";

/**
 * What a person says about the crop.
 * - `cast`: it is this member of the cast.
 * - `unknown`: somebody or something, but nobody of the cast.
 * - `nobody`: there is nobody in it.
 * - `unusable`: too blurred, too dark, cut off: nothing to learn from.
 */
export const AnswerSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("cast"), label: z.string().regex(ID_PATTERN) }),
  z.object({ kind: z.literal("unknown") }),
  z.object({ kind: z.literal("nobody") }),
  z.object({ kind: z.literal("unusable") }),
]);
export type Answer = z.infer<typeof AnswerSchema>;
