/** Markup that is safe to put into a page as it is: made by `html`, or vouched for with `raw`. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

/** What may stand in a template. `undefined`, `null` and `false` leave nothing; lists are put one after the other. */
export type HtmlValue = string | number | bigint | Html | undefined | null | false | readonly HtmlValue[];

/**
 * Markup with its values escaped, in text and in quoted attributes alike. Attributes must be quoted, and no value may
 * stand in a script, a style or a tag's name: none of that is escaped by what escapes text.
 */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let markup = strings[0] ?? "";
  for (const [index, value] of values.entries()) markup += markupOf(value) + (strings[index + 1] ?? "");
  return new Html(markup);
}

/** Markup of our own making, which is not escaped. Never give it anything that came from a file or a network. */
export function raw(markup: string): Html {
  return new Html(markup);
}

function markupOf(value: HtmlValue): string {
  if (value instanceof Html) return value.markup;
  if (value === undefined || value === null || value === false) return "";
  if (typeof value === "object") return value.map(markupOf).join("");
  return escapeHtml(String(value));
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
