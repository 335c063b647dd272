import { createHash } from "node:crypto";
import { z } from "zod";
import { FLAGS } from "../checks/check-caption.ts";
import { READINGS } from "../reading/read-object.ts";

/** Why no draft came of a picture. */
export const FAILURES = [
  "unreadable-look", // the vision model's answer was none that can be read, each time
  "unreadable-tidying", // the text model's
  "too-late", // the picture's deadline passed
  "bad-picture", // the file is gone, or cannot be decoded
  "server-refused", // the server did not take this question, or failed at it each time: `said` has its words
] as const;
export type Failure = (typeof FAILURES)[number];

const Text = z.string().max(5_000);
const Common = {
  file_name: z.string().min(1).max(1_024),
  /** SHA-256 of the picture's line in metadata.jsonl: what the draft is a proposal for. */
  line: z.string().length(64),
  /** ISO 8601. */
  at: z.string().max(40),
};

const Made = z.object({
  ...Common,
  /** The caption that the line has; null where it has none. */
  old: Text.nullable(),
  caption: z.string().min(1).max(4_096),
  identity: Text,
  state: Text,
  place: Text,
  who: z.array(z.string().max(80)).max(64),
  flags: z.array(z.object({ kind: z.enum(FLAGS), about: Text })).max(200),
  /** The text that was tidied: the vision model's, or the caption that was there. */
  seen: Text,
  readings: z.object({ look: z.enum(READINGS).nullable(), tidy: z.enum(READINGS) }),
  models: z.object({ look: z.string().nullable(), tidy: z.string() }),
});

const Failed = z.object({ ...Common, failed: z.enum(FAILURES), said: Text.optional() });

/** One line of drafts.jsonl. */
export const DraftLine = z.union([Made, Failed]);
export type Draft = z.infer<typeof Made>;
export type FailedDraft = z.infer<typeof Failed>;
export type DraftLine = z.infer<typeof DraftLine>;

export function isDraft(line: DraftLine): line is Draft {
  return "caption" in line;
}

const ID_LENGTH = 12;

/** What a decision names: another word in the draft is another draft. */
export function draftId(draft: Draft): string {
  return createHash("sha256").update(JSON.stringify(draft)).digest("hex").slice(0, ID_LENGTH);
}
