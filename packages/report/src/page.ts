import { type Html, html, raw } from "./html.ts";
import { STYLE } from "./style.ts";

export interface PageParts {
  readonly title: string;
  readonly body: Html;
  /** Language of the text, for readers and hyphenation. Default "en". */
  readonly lang?: string;
}

// A report is opened from a disk, sent by mail, put on a server: it may show what is in it, and do nothing else.
const POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** One self-contained file: style within, no script, nothing fetched. Good in light, in dark and on paper. */
export function renderPage({ title, body, lang = "en" }: PageParts): string {
  const page = html`<!doctype html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Followspot">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
  return page.markup;
}
