import { dataTable, type Html, html } from "@followspot/report";
import type { EvaluationReport } from "../evaluation-report.ts";
import type { PreviousRun } from "../previous-run.ts";
import { minute, plural, share } from "./format.ts";

const SHOWN = 30;

/** What an earlier run had right and this one has not, and the other way round. */
export function changesSection(report: EvaluationReport, before: PreviousRun): Html {
  const then = new Map(before.pictures.map((picture) => [picture.file, picture]));
  const common = report.pictures.filter(({ file }) => then.has(file));
  const lost = common.filter(({ file, right }) => !right && then.get(file)?.right === true);
  const won = common.filter(({ file, right }) => right && then.get(file)?.right === false);
  const rows: readonly [string, number | null | undefined, number | null | undefined][] = [
    ["top-1", before.accuracy.top1, report.accuracy.top1],
    ["macro-F1", before.macroF1, report.macroF1],
    ["weighted", before.weighted, report.weighted],
    ["AUROC", before.openSet?.auroc, report.openSet?.auroc],
    ["ECE", before.calibration.ece, report.calibration.ece],
    ["p95 (ms)", before.latencyMs?.p95, report.latencyMs?.p95],
  ];
  const differs = [
    before.dataset.hash !== report.dataset.hash && "the data set has changed",
    before.protocol !== report.protocol && `the protocol was ${before.protocol}`,
    before.recognizer.name !== report.recognizer.name && `the recognizer was ${before.recognizer.name}`,
  ].filter((sentence) => sentence !== false);
  return html`<p>Against the run of ${minute(before.startedAt)}: ${plural(lost.length, "new mistake")}, ${plural(won.length, "mistake")} fixed, of ${plural(common.length, "picture")} that both were asked about.${differs.length > 0 && html` <b class="doubt">Compare with care: ${differs.join("; ")}.</b>`}</p>
${dataTable({
  columns: [
    { head: "figure" },
    { head: "then", numeric: true },
    { head: "now", numeric: true },
    { head: "change", numeric: true },
  ],
  rows: rows.map(([name, old, now]) => [
    name,
    share(old),
    share(now),
    old === null || old === undefined || now === null || now === undefined ? "–" : signed(now - old),
  ]),
})}
${fileList("New mistakes", lost)}${fileList("Fixed", won)}`;
}

function fileList(title: string, pictures: EvaluationReport["pictures"]): Html | undefined {
  if (pictures.length === 0) return undefined;
  return html`<h3>${title}</h3><ul>${pictures
    .slice(0, SHOWN)
    .map(
      ({ file, truth, guess }) =>
        html`<li>${file}: ${truth.join(", ") || "a stranger"}, answered ${guess}</li>`,
    )}${pictures.length > SHOWN && html`<li class="muted">and ${pictures.length - SHOWN} more</li>`}</ul>`;
}

function signed(value: number): string {
  return `${value > 0 ? "+" : ""}${value.toFixed(2)}`;
}
