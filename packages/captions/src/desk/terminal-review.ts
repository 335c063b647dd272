import { cleanText } from "../chat/clean-text.ts";
import { type Flag, flagText, needsConfirmation } from "../checks/check-caption.ts";
import type { CaptionDesk, Decided, OpenDraft } from "./caption-desk.ts";
import { type Decision, MOST_CAPTION } from "./decision.ts";
import { diffText, wordDiff } from "./word-diff.ts";

/** What the review needs of a terminal. */
export interface ReviewTerminal {
  readonly colours: boolean;
  write(line: string): void;
  /** One key; undefined once there are no more, or the person wants to end it. */
  readKey(): Promise<string | undefined>;
  /** The text as the person left it; undefined where nothing was saved. */
  edit(text: string): Promise<string | undefined>;
}

export interface ReviewTally {
  readonly accepted: number;
  readonly edited: number;
  readonly refused: number;
  readonly skipped: number;
}

const NOTHING_TO_UNDO = "there is no decision of yours to take back, or its picture's line has changed since";
const KEYS = "[a] accept  [e] edit  [r] refuse  [s] skip  [z] undo  [q] quit";

/** Goes through the drafts that wait, one by one. Each decision is on the disk before the next draft is shown. */
export async function reviewInTerminal(desk: CaptionDesk, terminal: ReviewTerminal): Promise<ReviewTally> {
  const tally = { accepted: 0, edited: 0, refused: 0, skipped: 0 };
  const open = [...(await desk.look()).open];
  const outcomes = new Map<string, keyof ReviewTally>();
  for (let at = 0; at < open.length; at++) {
    const one = open[at] as OpenDraft;
    terminal.write("");
    terminal.write(`${at + 1} of ${open.length}  ${withoutControls(one.draft.file_name)}`);
    const outcome = await reviewOne(desk, one, terminal);
    if (outcome === "quit") break;
    if (outcome !== "undo") {
      outcomes.set(one.id, outcome);
      continue;
    }
    const undone = await desk.undo();
    terminal.write(undone === undefined ? NOTHING_TO_UNDO : "taken back");
    if (undone !== undefined) outcomes.delete(undone);
    at = (await placeOf(undone, { desk, open, at })) - 1;
  }
  for (const outcome of outcomes.values()) tally[outcome]++;
  return tally;
}

/** Where the draft stands that waits again: one of an earlier review comes in before the one that was shown. */
async function placeOf(
  undone: string | undefined,
  { desk, open, at }: { readonly desk: CaptionDesk; readonly open: OpenDraft[]; readonly at: number },
): Promise<number> {
  const known = open.findIndex(({ id }) => id === undone);
  if (known >= 0) return known;
  const found = (await desk.look()).open.find(({ id }) => id === undone);
  if (found) open.splice(at, 0, found);
  return at;
}

async function reviewOne(
  desk: CaptionDesk,
  one: OpenDraft,
  terminal: ReviewTerminal,
): Promise<keyof ReviewTally | "quit" | "undo"> {
  const { draft } = one;
  let caption = draft.caption;
  const edited = (): boolean => caption !== draft.caption;
  const flags = (): readonly Flag[] => (edited() ? desk.flagsOf(one, caption) : draft.flags);
  for (const line of aboutDraft(one)) terminal.write(line);
  show(terminal, { old: draft.old, caption, flags: flags() });
  for (;;) {
    terminal.write(KEYS);
    const key = (await terminal.readKey())?.toLowerCase();
    if (key === undefined || key === "q") return "quit";
    if (key === "s") return "skipped";
    if (key === "z") return "undo";
    if (key === "r") {
      const decided = await desk.decide(one.id, { decision: "refuse" });
      report(terminal, decided);
      return decided.state === "refused" ? "refused" : "skipped";
    }
    if (key === "e") {
      const written = cleanText((await terminal.edit(caption)) ?? "");
      if (written === "") terminal.write("nothing was changed");
      else if (written.length > MOST_CAPTION)
        terminal.write(`a caption has at most ${MOST_CAPTION} characters`);
      else caption = written;
      show(terminal, { old: draft.old, caption, flags: flags() });
    } else if (key === "a") {
      const toConfirm = flags().filter(needsConfirmation);
      if (toConfirm.length > 0) {
        terminal.write(`press a again to accept it all the same: ${toConfirm.map(flagText).join("; ")}`);
        if ((await terminal.readKey())?.toLowerCase() !== "a") continue;
      }
      const despite = toConfirm.map(({ about }) => about);
      const decision: Decision = edited()
        ? { decision: "edit", caption, despite }
        : { decision: "accept", despite };
      const decided = await desk.decide(one.id, decision);
      report(terminal, decided);
      if (decided.state !== "written") return "skipped";
      return edited() ? "edited" : "accepted";
    }
  }
}

function aboutDraft({ draft, path, here }: OpenDraft): readonly string[] {
  const rows: readonly (readonly [string, string])[] = [
    ["picture", path],
    ["framed", here.map(({ name }) => name).join(", ") || "nobody of the cast"],
    ["seen", draft.seen],
    ["fixed", draft.identity],
  ];
  return rows
    .filter(([, text]) => text !== "")
    .map(([head, text]) => `  ${head.padEnd(8)} ${withoutControls(text)}`);
}

/** A data set from elsewhere may hold what a terminal takes for orders, or what turns the direction of writing. */
function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ");
}

function show(
  terminal: ReviewTerminal,
  {
    old,
    caption,
    flags,
  }: { readonly old: string | null; readonly caption: string; readonly flags: readonly Flag[] },
): void {
  const { colours } = terminal;
  const diff = wordDiff(withoutControls(old ?? ""), withoutControls(caption));
  terminal.write(`  ${"caption".padEnd(8)} ${diffText(diff, { colours })}`);
  for (const flag of flags) {
    terminal.write(`  ${needsConfirmation(flag) ? "!" : "-"} ${withoutControls(flagText(flag))}`);
  }
}

function report(terminal: ReviewTerminal, decided: Decided): void {
  if (decided.state === "changed" || decided.state === "gone") {
    terminal.write(
      "the picture's line in metadata.jsonl has changed since the draft: ask for a new draft of it",
    );
  } else if (decided.state === "confirm") {
    terminal.write(`nothing was written: ${decided.flags.map(flagText).join("; ")}`);
  }
}
