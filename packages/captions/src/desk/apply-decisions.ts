import { UserError } from "@followspot/domain";
import { z } from "zod";
import { flagText } from "../checks/check-caption.ts";
import type { CaptionDesk, Decided, OpenDraft } from "./caption-desk.ts";
import { type Decision, DecisionSchema } from "./decision.ts";

/** One line of a file of decisions. */
export interface GivenDecision {
  /** FILE:LINE, for messages. */
  readonly place: string;
  readonly draft: string;
  readonly fileName: string;
  readonly decision: Decision;
  /** As it stands in the line; --drafts writes the draft's own. */
  readonly caption: string | undefined;
}

const Head = z.object({
  file_name: z.string().min(1).max(1_024),
  draft: z.string().min(1).max(64),
  decision: z.unknown(),
  caption: z.string().optional().catch(undefined),
});
const WORDS = '"accept", "edit" (with "caption") or "refuse"';

/** The drafts that wait, one a line, to be completed by whoever decides. */
export function decisionLine({ id, draft }: OpenDraft): string {
  const { file_name, old, caption, flags } = draft;
  return JSON.stringify({ file_name, draft: id, decision: null, old, caption, flags: flags.map(flagText) });
}

/**
 * Reads a file of decisions. A line whose decision is null is not decided yet, and passed by.
 * @throws UserError naming file, line and field
 */
export function parseDecisions(text: string, file: string): readonly GivenDecision[] {
  const placeOf = new Map<string, string>();
  // Some editors begin a file with a mark of its encoding.
  return text
    .replace(/^\ufeff/, "")
    .split("\n")
    .flatMap((line, index): GivenDecision[] => {
      if (line.trim() === "") return [];
      const place = `${file}:${index + 1}`;
      const json = parseJson(line, place);
      const head = Head.safeParse(json);
      if (!head.success) {
        const [issue] = head.error.issues;
        throw new UserError(
          `${place}: ${issue?.path.join(".") || "the line"}: ${issue?.message}; --drafts writes such lines`,
        );
      }
      const { file_name: fileName, draft, decision, caption } = head.data;
      if (decision === null || decision === undefined) return [];
      const parsed = DecisionSchema.safeParse(json);
      if (!parsed.success) {
        const field = parsed.error.issues[0]?.path.join(".") || "decision";
        throw new UserError(
          field === "decision"
            ? `${place}: decision must be ${WORDS}, and is ${JSON.stringify(decision)}`
            : `${place}: ${field}: ${parsed.error.issues[0]?.message}`,
        );
      }
      const earlier = placeOf.get(draft);
      if (earlier !== undefined)
        throw new UserError(`${place}: draft: ${draft} is decided in ${earlier} already`);
      placeOf.set(draft, place);
      return [{ place, draft, fileName, decision: parsed.data, caption }];
    });
}

export interface AppliedDecisions {
  readonly written: number;
  readonly refused: number;
  /** What was not carried out, each a sentence with its place. */
  readonly problems: readonly string[];
}

/** Carries decisions out that were made elsewhere, each for itself. */
export async function applyDecisions(
  desk: CaptionDesk,
  given: readonly GivenDecision[],
): Promise<AppliedDecisions> {
  const captions = new Map((await desk.look()).open.map(({ id, draft }) => [id, draft.caption]));
  // Whoever has changed the caption and left "accept" there wants his own words: neither is written.
  const unclear = ({ draft, decision, caption }: GivenDecision): boolean =>
    decision.decision === "accept" &&
    caption !== undefined &&
    captions.has(draft) &&
    captions.get(draft) !== caption;
  const clear = given.filter((one) => !unclear(one));
  const decided = new Map((await desk.decideAll(clear)).map((one, index) => [clear[index], one]));
  const counts = { written: 0, refused: 0 };
  const problems: string[] = [];
  for (const one of given) {
    const became = decided.get(one);
    if (became?.state === "written" || became?.state === "refused") counts[became.state]++;
    else problems.push(`${one.place}: ${one.fileName}: ${became ? problemOf(became) : NOT_ACCEPTED}`);
  }
  return { ...counts, problems };
}

const NOT_ACCEPTED =
  'the caption is not the draft\'s any more: put "edit" in place of "accept" to write it as it stands here';

function problemOf(decided: Exclude<Decided, { readonly state: "written" | "refused" }>): string {
  switch (decided.state) {
    case "confirm": {
      const words = decided.flags.map(({ about }) => about);
      return `${decided.flags.map(flagText).join("; ")}: edit it, or confirm it with "despite": ${JSON.stringify(words)}`;
    }
    case "changed":
      return "its line in metadata.jsonl has changed since the draft: ask for a new draft";
    case "gone":
      return "this draft does not wait (decided already, replaced by a later one, or its line has changed): --drafts lists those that do";
    default:
      return decided satisfies never;
  }
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new UserError(`${place}: this line is not JSON; every line must be one JSON object`, { cause });
  }
}
