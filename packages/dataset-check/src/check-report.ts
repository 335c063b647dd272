import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dataTable, type Html, html, renderPage, thumbnail, verdict } from "@followspot/report";
import type { CheckSummary, DatasetCheck } from "./check-dataset.ts";
import type { Finding, Severity } from "./finding.ts";

export interface CheckReportOptions {
  /** As it was typed, to be typed again. */
  readonly command: string;
  readonly onProgress?: (share: number) => void;
}

/** Cards of one check; the JSON document has the rest. */
const MOST_CARDS = 24;
const MOST_THUMBNAILS = 6;
const MOST_NAMES = 200;
/** Three side by side, and the next three below them: smaller ones nobody could judge by. */
const FIGURE = "margin: 0; flex: 1 0 30%";
const TONES: Record<Severity, string> = { error: "bad", warning: "doubt", note: "muted" };

/** The report as one self-contained HTML file, with the pictures that it speaks of. */
export async function renderCheck(
  check: DatasetCheck,
  { command, onProgress = () => {} }: CheckReportOptions,
): Promise<string> {
  const sections: Html[] = [];
  const found = check.checks.filter((summary) => summary.found > 0);
  for (const summary of found) {
    sections.push(await section(check, summary));
    onProgress(sections.length / found.length);
  }
  const title = `Data set check: ${check.pictures} pictures`;
  return renderPage({
    title,
    body: html`<h1>${title}</h1>
<p class="muted">${check.dataset}</p>
${verdict({ tone: toneOf(check), sentence: verdictOf(check) })}
<h2>What was looked for</h2>
${overview(check)}
${sections}
<h2>Subjects</h2>
${subjects(check)}
<h2>How this was made</h2>
<dl><dt>Version</dt><dd>${check.version ?? "none: not every picture could be read"}</dd>
<dt>Seed</dt><dd>${check.seed}</dd><dt>Took</dt><dd>${check.seconds} s</dd></dl>
<pre>${command}</pre>
<p>Every finding is a proposal. Nothing was changed in the data set.</p>`,
  });
}

function toneOf({ counts }: DatasetCheck): "pass" | "fail" | "note" {
  if (counts.error > 0) return "fail";
  return counts.warning > 0 ? "note" : "pass";
}

/** What the reader takes away if nothing else. */
export function verdictOf({ counts, pictures }: Pick<DatasetCheck, "counts" | "pictures">): string {
  const { error, warning, note } = counts;
  if (error + warning + note === 0) return `${pictures} pictures, and nothing to complain about.`;
  const parts = [
    error > 0 && `${error} ${error === 1 ? "thing" : "things"} to put right`,
    warning > 0 && `${warning} to look at`,
    note > 0 && `${note} good to know`,
  ].filter((part) => part !== false);
  return `${parts.join(", ")}, in ${pictures} pictures.`;
}

function overview({ checks }: DatasetCheck): Html {
  return dataTable({
    columns: [{ head: "check" }, { head: "found", numeric: true }, { head: "" }],
    rows: checks.map(({ check, about, found, remark }) => [
      found > 0 ? html`<a href="#${check}">${about}</a>` : about,
      found,
      remark,
    ]),
  });
}

function subjects({ labels }: DatasetCheck): Html {
  return dataTable({
    caption:
      "Shots: without what may be one shot with another picture. Framed: with a box that a person drew.",
    columns: [
      { head: "subject" },
      ...["pictures", "shots", "scenes", "framed"].map((head) => ({ head, numeric: true })),
    ],
    rows: labels.map(({ label, pictures, shots, scenes, framed }) => [
      label,
      pictures,
      shots,
      scenes,
      framed,
    ]),
  });
}

async function section(
  { dataset, findings }: DatasetCheck,
  { check, about, found }: CheckSummary,
): Promise<Html> {
  // What is said of many pictures is said once.
  const groups = [...Map.groupBy(of(findings, check), (finding) => keyOf(finding)).values()];
  const cards: Html[] = [];
  for (const group of groups.slice(0, MOST_CARDS)) cards.push(await card(dataset, group));
  const shown = groups.slice(0, MOST_CARDS).reduce((sum, group) => sum + group.length, 0);
  return html`<h2 id="${check}">${about} (${found})</h2>
<div class="gallery">${cards}</div>
${shown < found && html`<p class="muted">${found - shown} more are in the JSON document.</p>`}
`;
}

function of(findings: readonly Finding[], check: string): Finding[] {
  return findings.filter((finding) => finding.check === check);
}

/** Only what is about one picture each can share a card. */
function keyOf({ message, severity, pictures }: Finding): string {
  return JSON.stringify(pictures.length === 1 ? [severity, message] : [severity, message, pictures]);
}

async function card(dataset: string, group: readonly Finding[]): Promise<Html> {
  const { severity, message } = group[0] as Finding;
  const names = group.flatMap(({ pictures }) => pictures);
  // Only a card of one finding has pictures with a part of their own.
  const roles = group.length === 1 ? group[0]?.roles : undefined;
  const figures: Html[] = [];
  for (const [index, name] of names.slice(0, MOST_THUMBNAILS).entries()) {
    figures.push(await figure(dataset, name, roles?.[index]));
  }
  const rest = names.slice(MOST_THUMBNAILS, MOST_NAMES);
  const where = group.length === 1 ? group[0]?.place : undefined;
  const place = where !== undefined && message.startsWith(where) ? undefined : where;
  return html`<article class="card">
${figures.length > 0 && html`<div class="pictures" style="flex-wrap: wrap">${figures}</div>`}
<p><b class="${TONES[severity]}">${severity}</b> ${message}</p>
${place !== undefined && html`<p class="muted">${place}</p>`}
${rest.length > 0 && html`<details><summary>${names.length - MOST_THUMBNAILS} more</summary><p>${rest.join(", ")}</p></details>`}
</article>
`;
}

async function figure(dataset: string, name: string, role: string | undefined): Promise<Html> {
  const caption = html`<figcaption>${role !== undefined && html`<b>${role}</b><br>`}${name}</figcaption>`;
  try {
    const source = await thumbnail(await readFile(join(dataset, name)), { side: 140 });
    return html`<figure style="${FIGURE}"><img src="${source}" alt="${name}">${caption}</figure>`;
  } catch {
    // That it cannot be shown is what the card says.
    return html`<figure style="${FIGURE}"><div class="nothing">cannot be shown</div>${caption}</figure>`;
  }
}
