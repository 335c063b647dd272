import { dataTable, type Html, html } from "@followspot/report";
import { allRecognizers, type EvaluationReport, type RecognizerReport } from "../evaluation-report.ts";
import { answersText } from "../format-evaluation.ts";
import { intervalToShow } from "../statistics/interval.ts";
import { between, share } from "./format.ts";

type Row = readonly [name: string, value: (report: RecognizerReport) => string];

const ROWS: readonly Row[] = [
  ["named right: top-1", (one) => `${share(one.accuracy.top1)}${interval(one, "accuracy.top1")}`],
  [
    "among the three most probable: top-3",
    (one) => `${share(one.accuracy.top3)}${interval(one, "accuracy.top3")}`,
  ],
  ["macro-F1", (one) => `${share(one.macroF1)}${interval(one, "macroF1")}`],
  ["positive: found where they are", (one) => share(one.positive)],
  ["negative: not named where they are not", (one) => share(one.negative)],
  ["weighted: the mean of both", (one) => `${share(one.weighted)}${interval(one, "weighted")}`],
  [
    "strangers: AUROC",
    (one) => `${share(one.openSet?.auroc)}${one.openSet ? interval(one, "openSet.auroc") : ""}`,
  ],
  ["strangers taken for somebody at 95 % of the cast: FPR95", (one) => share(one.openSet?.fpr95)],
  ["strangers given a name", (one) => share(one.openSet?.falseNames)],
  ["calibration error: ECE", (one) => `${share(one.calibration.ece)}${interval(one, "calibration.ece")}`],
  ["several at once: micro-F1", (one) => `${share(one.multi.microF1)}${interval(one, "multi.microF1")}`],
  ["several at once: everybody right", (one) => share(one.multi.exact)],
  ["answers", answersText],
  [
    "control: from the background alone",
    (one) => `${share(one.controls.backgroundOnly)}${between(one.controls.backgroundInterval)}`,
  ],
  ["control: learnt from backgrounds alone", (one) => share(one.controls.backgroundLearnt)],
  ["control: always the commonest", (one) => share(one.controls.majority)],
  ["control: a blind guess", (one) => share(one.controls.random)],
];

/** All the figures, and each label's own. */
export function figuresSection(report: EvaluationReport): Html {
  const all = allRecognizers(report);
  return html`${dataTable({
    caption: "In brackets: 95 % intervals, the wider one of two: whole scenes redrawn, and Wilson's.",
    columns: [{ head: "figure" }, ...all.map(({ recognizer }) => ({ head: recognizer.name }))],
    rows: ROWS.map(([name, value]) => [name, ...all.map(value)]),
  })}
${all.map((one) => labelTable(one))}`;
}

function labelTable({ recognizer, perLabel }: RecognizerReport): Html {
  const worstFirst = Object.entries(perLabel).sort(([, a], [, b]) => a.f1 - b.f1);
  return dataTable({
    caption: `${recognizer.name}, by subject, worst first. Recall with Wilson's interval; n: pictures that show it alone.`,
    columns: [
      { head: "subject" },
      { head: "n", numeric: true },
      { head: "recall" },
      { head: "precision", numeric: true },
      { head: "F1", numeric: true },
      { head: "positive", numeric: true },
      { head: "negative", numeric: true },
      { head: "weighted", numeric: true },
    ],
    rows: worstFirst.map(([label, one]) => [
      label,
      one.n,
      one.n === 0 ? "–" : `${share(one.recall)}${between(one.recallInterval)}`,
      one.n === 0 ? "–" : share(one.precision),
      one.n === 0 ? "–" : share(one.f1),
      share(one.positive),
      share(one.negative),
      share(one.weighted),
    ]),
  });
}

function interval({ intervals }: RecognizerReport, name: string): string {
  return between(intervalToShow(intervals[name]));
}
