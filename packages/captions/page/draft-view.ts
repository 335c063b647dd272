import { button, type Choice } from "../../review/page/choice.ts";
import { element } from "../../review/page/dom.ts";
import { wordDiff } from "../src/desk/word-diff.ts";
import type { Draft, Flag } from "./state.ts";

/** The caption as it would be written, and what speaks against it. */
export interface Proposal {
  readonly caption: string;
  readonly flags: readonly Flag[];
}

/** A draft beside its picture, with what helps to decide. */
export function draftView(
  draft: Draft,
  { caption, flags }: Proposal,
  choices: readonly Choice[],
): HTMLElement {
  const framed = draft.framed.length > 0 ? draft.framed.join(", ") : "nobody of the cast";
  return element(
    "article",
    { class: "draft" },
    element(
      "div",
      { class: "ask" },
      element(
        "h2",
        { id: "asked", tabindex: -1, "aria-describedby": "facts caption flags" },
        "Does this caption say what is to be seen?",
      ),
      element("p", { class: "facts", id: "facts" }, `${draft.fileName} · framed in it: ${framed}`),
    ),
    element(
      "figure",
      { class: "picture" },
      element("img", { src: draft.pictureUrl, alt: `${draft.fileName}, in which is framed: ${framed}` }),
    ),
    element(
      "div",
      { class: "texts" },
      element(
        "section",
        { "aria-label": "caption" },
        element("h3", {}, draft.old === "" ? "Caption (there is none yet)" : "Caption (what changes in it)"),
        diffView(draft.old, caption),
      ),
      flagsView(flags),
      textSection("What the model saw", draft.seen),
      textSection("Fixed looks, not part of the caption", draft.identity),
    ),
    element("div", { class: "answers", role: "group", "aria-label": "answers" }, ...choices.map(button)),
  );
}

function diffView(old: string, caption: string): HTMLElement {
  const parts = wordDiff(old, caption).flatMap(({ kind, space, text }) => [
    space,
    kind === "same" ? text : element(kind === "removed" ? "del" : "ins", {}, text),
  ]);
  return element("p", { class: "diff", id: "caption" }, ...(old === "" ? [caption] : parts));
}

function flagsView(flags: readonly Flag[]): HTMLElement {
  if (flags.length === 0) return element("p", { class: "muted", id: "flags" }, "Nothing speaks against it.");
  return element(
    "ul",
    { class: "flags", id: "flags", "aria-label": "what speaks against it" },
    ...flags.map(({ text, confirm }) =>
      element("li", { class: confirm ? "bad" : "muted" }, element("b", {}, confirm ? "! " : "- "), text),
    ),
  );
}

function textSection(title: string, text: string): HTMLElement {
  return element(
    "section",
    { hidden: text === "", "aria-label": title },
    element("h3", {}, title),
    element("p", { class: "muted" }, text),
  );
}
