import { type Html, type HtmlValue, html } from "./html.ts";

export interface TableParts {
  readonly caption?: string;
  /** Heads of the columns; numbers stand at the end of theirs. */
  readonly columns: readonly { readonly head: HtmlValue; readonly numeric?: boolean }[];
  /** The first cell of a row names it. */
  readonly rows: readonly (readonly HtmlValue[])[];
}

/** A table that scrolls sideways by itself where the window is too narrow for it. */
export function dataTable({ caption, columns, rows }: TableParts): Html {
  const end = (index: number) => (columns[index]?.numeric ? "end" : "");
  return html`<div class="wide"><table>
${caption !== undefined && html`<caption>${caption}</caption>`}
<thead><tr>${columns.map(({ head }, index) => html`<th scope="col" class="${end(index)}">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, index) =>
      index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${end(index)}">${cell}</td>`,
    )}</tr>
`,
  )}</tbody>
</table></div>`;
}
