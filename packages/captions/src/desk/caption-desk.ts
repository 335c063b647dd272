import {
  type LineWritten,
  metadataLineHash,
  readMetadataLines,
  restoreLine,
  setCaptions,
} from "@followspot/dataset";
import { type CastMember, UserError } from "@followspot/domain";
import { checkCaption, type Flag, needsConfirmation } from "../checks/check-caption.ts";
import type { CaptionPicture, CaptionRoom } from "./caption-room.ts";
import { cleanText } from "../chat/clean-text.ts";
import type { Decision, HistoryLine } from "./decision.ts";
import { type Draft, draftId, type DraftLine, isDraft } from "./draft.ts";
import { draftsOf, historyOf } from "./draft-captions.ts";
import type { JsonLines } from "./json-lines.ts";

/** A draft that waits for a person. */
export interface OpenDraft {
  readonly id: string;
  readonly draft: Draft;
  /** The picture's file. */
  readonly path: string;
  readonly here: readonly CastMember[];
}

export interface DraftCounts {
  readonly open: number;
  /** Accepted, as they were or edited. */
  readonly accepted: number;
  readonly refused: number;
  /** The picture's line in metadata.jsonl is another one by now, or is gone, and nobody has decided. */
  readonly changed: number;
  readonly failed: number;
}

/** A decision about one draft. */
export interface DraftDecision {
  readonly draft: string;
  readonly decision: Decision;
}

/** What became of a decision. `confirm`: flags that nobody has confirmed; nothing was done. */
export type Decided =
  | { readonly state: "written"; readonly old: string | undefined; readonly caption: string }
  | { readonly state: "refused" }
  | { readonly state: "confirm"; readonly flags: readonly Flag[] }
  | { readonly state: "changed" }
  | { readonly state: "gone" };

export interface CaptionDeskOptions {
  readonly datasetDir: string;
  readonly room: CaptionRoom;
  readonly cast: readonly CastMember[];
  /** Who decides; goes into the history. */
  readonly who: string;
  readonly now?: () => Date;
}

/**
 * Where a person accepts, edits or refuses drafts. The history is written before the data set: every caption that was
 * ever replaced stands in it.
 */
export class CaptionDesk {
  readonly #options: CaptionDeskOptions;
  readonly #pictures: ReadonlyMap<string, CaptionPicture>;
  readonly #drafts: JsonLines<DraftLine>;
  readonly #history: JsonLines<HistoryLine>;
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: CaptionDeskOptions) {
    this.#options = options;
    this.#drafts = draftsOf(options.datasetDir);
    this.#history = historyOf(options.datasetDir);
    this.#pictures = new Map(options.room.pictures.map((one) => [one.picture.fileName, one]));
  }

  /** The drafts that wait, in the order of metadata.jsonl, and how many do not. */
  async look(): Promise<{ readonly open: readonly OpenDraft[]; readonly counts: DraftCounts }> {
    const { datasetDir } = this.#options;
    const lines = await readMetadataLines(datasetDir);
    const latest = new Map((await this.#drafts.read()).map((line) => [line.file_name, line]));
    const decisions = new Map((await this.#history.read()).map((line) => [line.draft, line]));
    const open: OpenDraft[] = [];
    const counts = { accepted: 0, refused: 0, changed: 0, failed: 0 };
    for (const [fileName, line] of lines) {
      const draft = latest.get(fileName);
      latest.delete(fileName);
      if (!draft) continue;
      if (!isDraft(draft)) {
        counts.failed++;
        continue;
      }
      const id = draftId(draft);
      const decision = decisions.get(id);
      const after = decision && "after" in decision ? decision.after : undefined;
      const hash = metadataLineHash(line);
      const known = this.#pictures.get(fileName);
      if (decision?.decision === "refuse") counts.refused++;
      // A decision that the data set does not show was cut off before it was carried out: the draft still waits.
      else if (draft.line === hash && after !== hash && known) {
        open.push({ id, draft, path: known.picture.path, here: known.here });
      } else if (after !== undefined) counts.accepted++;
      else counts.changed++;
    }
    counts.changed += [...latest.values()].filter(isDraft).length;
    return { open, counts: { open: open.length, ...counts } };
  }

  /** What a caption for this draft says that has to be confirmed by word. */
  flagsOf({ here }: Pick<OpenDraft, "here">, caption: string): readonly Flag[] {
    const { cast, room } = this.#options;
    return checkCaption(caption, {
      cast,
      vocabulary: room.vocabulary,
      here: new Set(here.map(({ id }) => id)),
    });
  }

  /** Carries a decision out, or says why not. Never accepts what is flagged and not confirmed. */
  async decide(draft: string, decision: Decision): Promise<Decided> {
    const [decided] = await this.decideAll([{ draft, decision }]);
    return decided ?? { state: "gone" };
  }

  /** Many at once, in one step; what became of each, in their order. */
  decideAll(given: readonly DraftDecision[]): Promise<readonly Decided[]> {
    const decided = this.#busy.then(() => this.#decideAll(given));
    this.#busy = decided.catch(() => {});
    return decided;
  }

  /**
   * Takes the last decision back that this person made and that still stands: a caption is put back byte for byte.
   * @returns the draft that waits again; undefined where there is no such decision, or the line has changed since.
   */
  undo(): Promise<string | undefined> {
    const undone = this.#busy.then(() => this.#undo());
    this.#busy = undone.catch(() => {});
    return undone;
  }

  async #undo(): Promise<string | undefined> {
    const { datasetDir, who } = this.#options;
    const standing = new Map<string, HistoryLine>();
    for (const line of await this.#history.read()) {
      // Once more at the end: what was decided last is taken back first.
      standing.delete(line.draft);
      if (line.decision !== "undo" && line.who === who) standing.set(line.draft, line);
    }
    const last = [...standing.values()].at(-1);
    if (!last) return undefined;
    const { file_name, draft } = last;
    const entry: HistoryLine = { file_name, draft, who, at: this.#now(), decision: "undo" };
    if (last.decision === "refuse") {
      await this.#history.append([entry]);
      return draft;
    }
    if (last.decision === "undo") return undefined;
    const { written } = await restoreLine(
      datasetDir,
      { fileName: file_name, line: last.after, text: last.line },
      async (all) => await this.#history.append(all.map(() => entry)),
    );
    return written.length > 0 ? draft : undefined;
  }

  #now(): string {
    return (this.#options.now?.() ?? new Date()).toISOString();
  }

  async #decideAll(given: readonly DraftDecision[]): Promise<readonly Decided[]> {
    const { open } = await this.look();
    const waiting = new Map(open.map((one) => [one.id, one]));
    const plans = given.map(({ draft, decision }) => {
      const found = waiting.get(draft);
      // A draft is decided once: a second decision in the same breath comes too late.
      waiting.delete(draft);
      return this.#plan(found, decision);
    });
    const asked = plans.filter((plan) => "draft" in plan);
    if (asked.length > 0) await this.#carryOut(asked);
    return plans.map((plan) => ("draft" in plan ? plan.decided : plan));
  }

  #plan(found: OpenDraft | undefined, decision: Decision): Plan | Decided {
    if (!found) return { state: "gone" };
    const { draft, id } = found;
    const signature = { file_name: draft.file_name, draft: id, who: this.#options.who, at: this.#now() };
    const changed: Decided = { state: "changed" };
    if (decision.decision === "refuse") return { draft, signature, decision: "refuse", decided: changed };
    const caption = decision.decision === "edit" ? cleanText(decision.caption) : draft.caption;
    if (caption === "") throw new UserError("the caption is empty: write one, or refuse the draft");
    const flags = this.#toConfirm(found, decision, caption);
    if (flags.length > 0) return { state: "confirm", flags };
    return { draft, signature, decision: decision.decision, caption, decided: changed };
  }

  /** Notes in each plan what became of it. The history is written while nobody else can write. */
  async #carryOut(plans: readonly Plan[]): Promise<void> {
    const { datasetDir } = this.#options;
    const planOf = new Map(plans.map((plan) => [plan.draft.file_name, plan]));
    const changes = plans.flatMap(({ draft, caption }) =>
      caption === undefined ? [] : [{ fileName: draft.file_name, line: draft.line, caption }],
    );
    const refusals = plans.filter(({ decision }) => decision === "refuse");
    const note = async (all: readonly LineWritten[]): Promise<void> => {
      const lines = refusals.length > 0 ? await readMetadataLines(datasetDir) : new Map<string, string>();
      const refused = refusals.filter(
        ({ draft }) => metadataLineHash(lines.get(draft.file_name) ?? "") === draft.line,
      );
      await this.#history.append([
        ...all.flatMap((one) => historyLine(planOf.get(one.fileName), one)),
        ...refused.map(({ signature }): HistoryLine => ({ ...signature, decision: "refuse" })),
      ]);
      for (const plan of refused) plan.decided = { state: "refused" };
    };
    const { written } = await setCaptions(datasetDir, changes, note);
    for (const { fileName, old } of written) {
      const plan = planOf.get(fileName);
      if (plan?.caption !== undefined) plan.decided = { state: "written", old, caption: plan.caption };
    }
  }

  /** An edited text is checked anew; of a draft as it is, what its parts said counts, too. */
  #toConfirm(
    found: OpenDraft,
    decision: Exclude<Decision, { readonly decision: "refuse" }>,
    caption: string,
  ): readonly Flag[] {
    const despite = new Set(decision.despite);
    const flags = decision.decision === "edit" ? this.flagsOf(found, caption) : found.draft.flags;
    return flags.filter((flag) => needsConfirmation(flag) && !despite.has(flag.about));
  }
}

/** A decision that is going to be carried out, unless the picture's line has changed since the draft. */
interface Plan {
  readonly draft: Draft;
  readonly signature: Pick<HistoryLine, "file_name" | "draft" | "who" | "at">;
  readonly decision: Decision["decision"];
  /** What is to be written; undefined where the draft is refused. */
  readonly caption?: string;
  decided: Decided;
}

function historyLine(
  plan: Plan | undefined,
  { old, before, after, text }: LineWritten,
): readonly HistoryLine[] {
  if (plan?.caption === undefined || plan.decision === "refuse") return [];
  const { draft, signature, decision, caption } = plan;
  const { identity, state, place, models } = draft;
  const parts = { identity, state, place };
  return [{ ...signature, decision, old: old ?? null, caption, before, after, line: text, parts, models }];
}
