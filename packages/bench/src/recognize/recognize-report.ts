import { z } from "zod";
import { Common, count, rate, SummaryShape } from "../report-parts.ts";

/** How long looking takes on one set of pictures. */
const Looking = z.object({
  /** What the pictures are, in words. */
  pictures: z.string(),
  n: count,
  /** Longest side of the pictures as the understudy looks at them, in pixels. */
  side: SummaryShape,
  /** From the file's bytes to pixels. */
  decodeMs: SummaryShape,
  /** From pixels to labels, without decoding. */
  frameMs: SummaryShape,
  /** The same by how many subjects are in the picture; "?" where nobody has said. */
  bySubjects: z.record(z.string(), SummaryShape),
  /** One subject, cut out: from pixels to labels. */
  cropMs: SummaryShape,
  /** Longest side of the cut-out subjects, in pixels. */
  cropSide: SummaryShape,
  /** The same subject, still in its picture, to the vector that tells how alike two look. */
  embedMs: SummaryShape,
  /** CPU seconds, of all threads, for each second of looking: about 1 is one core. */
  coresUsed: z.number().min(0),
});

export const RecognizeReport = Common.extend({
  bench: z.literal("recognize"),
  model: z.object({ version: z.string(), labels: count, bytes: count }),
  /** The very first look of a fresh process, in milliseconds. */
  firstLookMs: z.number().min(0),
  sets: z.record(z.string(), Looking),
  training: z.object({
    subjects: count,
    pictures: count,
    /** Everything from the files to the model that is stored: decoding, describing, fitting, checking. */
    seconds: z.number().min(0),
    cpuSeconds: z.number().min(0),
    peakRssMb: z.number().min(0),
    modelBytes: count,
    /** By leave-one-scene-out, as training says it. */
    top1: rate.optional(),
  }),
  /** Resident memory of a process that only looks at pictures. */
  rssMb: z.object({
    started: z.number(),
    modelLoaded: z.number(),
    afterLooking: z.number(),
    peak: z.number(),
  }),
  n: count,
});

export type RecognizeReport = z.infer<typeof RecognizeReport>;
export type Looking = z.infer<typeof Looking>;
