import { type Html, html } from "./html.ts";

export interface GoalLine {
  readonly goal: string;
  /** As it is to be read, with its unit. */
  readonly value: string;
  /** Undefined where it could not be measured. */
  readonly met: boolean | undefined;
}

export interface VerdictParts {
  readonly tone: "pass" | "fail" | "note";
  /** One sentence: what the reader takes away if nothing else. */
  readonly sentence: string;
  readonly goals?: readonly GoalLine[];
}

const WORDS = { pass: "Pass", fail: "Fail", note: "Note" } as const;

/** The banner at the top of a report. */
export function verdict({ tone, sentence, goals = [] }: VerdictParts): Html {
  return html`<section class="verdict ${tone}">
<p><span class="word">${WORDS[tone]}</span>${sentence}</p>
${goals.length > 0 && html`<ul>${goals.map(goalLine)}</ul>`}
</section>`;
}

function goalLine({ goal, value, met }: GoalLine): Html {
  const [word, colour] =
    met === undefined ? ["no figure", "muted"] : met ? ["met", "good"] : ["not met", "bad"];
  return html`<li><b class="${colour}">${word}</b><span>${goal}: ${value}</span></li>`;
}
