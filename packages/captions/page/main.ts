/** The page of the captions: one draft at a time, one key a decision. */
import { button, type Choice } from "../../review/page/choice.ts";
import { byId, element } from "../../review/page/dom.ts";
import { get, post } from "../../review/page/server.ts";
import { draftView, type Proposal } from "./draft-view.ts";
import type { Draft, Flag, State } from "./state.ts";

const main = byId("main", HTMLElement);
const status = byId("status", HTMLElement);
const dialog = byId("edit", HTMLDialogElement);

let state: State | undefined;
/** The caption as the person has it by now. */
let proposal: Proposal | undefined;
/** Whether the flags have been shown, and accepting was asked for: the second time it counts. */
let warned = false;
let busy = false;

function say(text: string): void {
  status.textContent = text;
}

/** Decisions that were not carried out. */
const UNDONE: Partial<Record<NonNullable<State["decided"]>, string>> = {
  changed: "The picture's line has changed since the draft: nothing was written.",
  gone: "The picture's line has changed since the draft, or somebody has decided already: nothing was written.",
  confirm: "There is something to confirm: nothing was written.",
};

/** One request at a time: a key that is pressed twice must not decide about the next draft. */
async function change(path: string, body: unknown, done: string): Promise<void> {
  if (busy) return;
  busy = true;
  try {
    const next = await post<State>(path, body);
    show(next);
    say((next.decided && UNDONE[next.decided]) ?? done);
  } catch (error) {
    say(messageOf(error));
  } finally {
    busy = false;
  }
}

function accept({ id, caption }: Draft): void {
  if (!proposal) return;
  const toConfirm = proposal.flags.filter(({ confirm }) => confirm);
  if (toConfirm.length > 0 && !warned) {
    warned = true;
    return say(
      `${toConfirm.map(({ text }) => text).join("; ")}. Press A again to accept it all the same, or E to edit.`,
    );
  }
  const despite = toConfirm.map(({ about }) => about);
  const decision =
    proposal.caption === caption
      ? { decision: "accept", despite }
      : { decision: "edit", caption: proposal.caption, despite };
  void change("/decide", { id, decision }, "Written into metadata.jsonl. Z takes it back.");
}

function choicesOf(draft: Draft): readonly Choice[] {
  return [
    { key: "a", cap: "A", text: "accept", main: true, act: () => accept(draft) },
    { key: "e", cap: "E", text: "edit", act: () => openEdit(draft) },
    {
      key: "r",
      cap: "R",
      text: "refuse",
      hint: "the caption stays as it is",
      act: () =>
        void change(
          "/decide",
          { id: draft.id, decision: { decision: "refuse" } },
          "Refused. Z takes it back.",
        ),
    },
    {
      key: "s",
      cap: "S",
      text: "later",
      act: () => void change("/skip", { id: draft.id }, "Left for later."),
    },
    { key: "z", cap: "Z", text: "undo", act: undo },
  ];
}

function undo(): void {
  void change("/undo", {}, "Taken back.");
}

function openEdit(draft: Draft): void {
  if (dialog.open || !proposal) return;
  const field = element("textarea", { rows: 5, maxlength: 4096, "aria-label": "caption" });
  field.value = proposal.caption;
  const take: Choice = {
    key: "Enter",
    cap: "⏎",
    text: "take it over",
    main: true,
    act: () => void takeOver(draft, field.value),
  };
  const back: Choice = { key: "Escape", cap: "Esc", text: "back", act: () => dialog.close() };
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    take.act();
  });
  dialog.replaceChildren(
    element("h2", { id: "edit-title" }, "The caption in your words"),
    field,
    element("div", { class: "answers" }, button(take), button(back)),
  );
  dialog.showModal();
  field.focus();
}

/** The words are checked as the draft's were, and shown before anything is written. */
async function takeOver(draft: Draft, words: string): Promise<void> {
  const caption = words.split(/\s+/).join(" ").trim();
  if (caption === "") return;
  try {
    const flags = await post<readonly Flag[]>("/check", { id: draft.id, caption });
    proposal = { caption, flags };
    warned = false;
    dialog.close();
    render();
    say("Press A to write it.");
  } catch (error) {
    say(messageOf(error));
  }
}

function show(next: State): void {
  if (next.draft?.id !== state?.draft?.id) {
    proposal = next.draft ? { caption: next.draft.caption, flags: next.draft.flags } : undefined;
    warned = false;
  }
  state = next;
  render();
  for (const url of next.ahead) new Image().src = url;
}

function render(): void {
  if (!state) return;
  const { counts, draft, skipped, show: name } = state;
  const decided = counts.accepted + counts.refused;
  byId("show", HTMLElement).textContent = name;
  const bar = byId("bar", HTMLProgressElement);
  bar.max = Math.max(1, decided + counts.open);
  bar.value = decided;
  const later = skipped > 0 ? `, ${skipped} left for later` : "";
  byId("count", HTMLElement).textContent = `${decided} of ${decided + counts.open} decided${later}`;
  main.replaceChildren(draft && proposal ? draftView(draft, proposal, choicesOf(draft)) : endView(state));
  if (draft) byId("asked", HTMLElement).focus({ preventScroll: true });
}

function endView({ counts, skipped }: State): HTMLElement {
  const again: Choice = {
    key: "s",
    cap: "S",
    text: "show those again that were left for later",
    main: true,
    act: () => void change("/unskip", {}, ""),
  };
  const back: Choice = { key: "z", cap: "Z", text: "undo", act: undo };
  const others = [
    counts.changed > 0 && `${counts.changed} are of lines that have changed since: ask for new ones.`,
    counts.failed > 0 && `Of ${counts.failed} pictures no draft came.`,
  ].filter((text) => text !== false);
  const said = [`Captions written: ${counts.accepted}. Drafts refused: ${counts.refused}.`, ...others].join(
    " ",
  );
  return element(
    "article",
    { class: "end" },
    element("h2", {}, skipped > 0 ? "All others are decided." : "Every draft is decided."),
    element("p", {}, skipped > 0 ? said : `${said} End this with Ctrl-C in the terminal.`),
    element("div", { class: "answers" }, ...(skipped > 0 ? [button(again)] : []), button(back)),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || dialog.open) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "z") return undo();
  if (!state?.draft) {
    if (key === "s" && (state?.skipped ?? 0) > 0) void change("/unskip", {}, "");
    return;
  }
  const choice = choicesOf(state.draft).find((one) => one.key === key);
  if (!choice) return;
  event.preventDefault();
  choice.act();
});

try {
  show(await get<State>("/state"));
} catch (error) {
  main.replaceChildren(element("p", { class: "bad" }, messageOf(error)));
}
