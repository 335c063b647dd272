import { type Html, html, raw } from "./html.ts";

export interface ConfusionParts {
  /** Names of the rows, the truth. */
  readonly truths: readonly string[];
  /** Names of the columns, what was answered. */
  readonly guesses: readonly string[];
  /** How often: counts[truth][guess]. */
  readonly counts: readonly (readonly number[])[];
  /** Where a cell leads to, as "#anchor"; undefined for nowhere. */
  readonly href?: ((truth: string, guess: string) => string | undefined) | undefined;
}

/** The matrix with each cell as strong as its share of the row: what is right in one colour, what is wrong in another. */
export function confusionMatrix({ truths, guesses, counts, href }: ConfusionParts): Html {
  const heads = guesses.map((guess) => html`<th scope="col" class="name"><span>${guess}</span></th>`);
  return html`<div class="wide"><table class="confusion" style="${raw(`--columns:${guesses.length}`)}">
<caption>Rows: who it was. Columns: what was answered. Colour: share of the row.</caption>
<thead><tr><td class="sum"></td>${heads}<th scope="col" class="name"><span>n</span></th></tr></thead>
<tbody>${truths.map((truth, row) => bodyRow(truth, counts[row] ?? [], { guesses, href }))}</tbody>
</table></div>`;
}

function bodyRow(
  truth: string,
  counts: readonly number[],
  { guesses, href }: Pick<ConfusionParts, "guesses" | "href">,
): Html {
  const sum = guesses.reduce((total, _, column) => total + (counts[column] ?? 0), 0);
  const cells = guesses.map((guess, column) => {
    const count = counts[column] ?? 0;
    const kind = guess === truth ? "right" : count > 0 ? "wrong" : "none";
    const target = count > 0 ? href?.(truth, guess) : undefined;
    const words = `${truth}, answered ${guess}: ${count} of ${sum}`;
    // A number of our own: from 0 to 100.
    const share = raw(`--share:${sum > 0 ? Math.round((count / sum) * 100) : 0}%`);
    const text = target ? html`<a href="${target}">${count}</a>` : count > 0 ? count : "·";
    return html`<td class="${kind}" style="${share}" title="${words}">${text}</td>`;
  });
  return html`<tr><th scope="row" title="${truth}">${truth}</th>${cells}<td class="sum">${sum}</td></tr>
`;
}
