import { dataTable, type Html, html } from "@followspot/report";
import { allRecognizers, type EvaluationReport } from "../evaluation-report.ts";
import { type CriterionRow, recognizerRows, TEXT_ROWS } from "../figures/criteria-rows.ts";

/** The five criteria of every recognizer side by side, and of every model that tidies captions. */
export function fiveCriteria(report: EvaluationReport): Html {
  const recognizers = allRecognizers(report).map((one) => ({ head: one.recognizer.name, one }));
  const texts = report.textModels.map((one) => ({ head: one.name, one }));
  return html`${table(recognizers, recognizerRows(report.peakMemoryMb))}
${texts.length > 0 && html`<h3>Tidying captions</h3>${table(texts, TEXT_ROWS)}`}`;
}

function table<One>(
  all: readonly { readonly head: string; readonly one: One }[],
  rows: readonly CriterionRow<One>[],
): Html {
  return dataTable({
    columns: [{ head: "criterion" }, ...all.map(({ head }) => ({ head }))],
    rows: rows.map(({ name, measure, long }) => [
      html`${name}<br><span class="small muted">${measure}</span>`,
      ...all.map(({ one }) => long(one)),
    ]),
  });
}
