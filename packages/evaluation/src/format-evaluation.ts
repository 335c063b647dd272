import { allRecognizers, type EvaluationReport, type RecognizerReport } from "./evaluation-report.ts";
import type { Comparison } from "./figures/compare.ts";
import { type CriterionRow, recognizerRows, TEXT_ROWS } from "./figures/criteria-rows.ts";
import { probability } from "./html/format.ts";
import { type Intervals, intervalToShow } from "./statistics/interval.ts";

/** A report for the terminal. */
export function formatEvaluation(report: EvaluationReport): string {
  const { dataset, machine, protocol, seconds, seed } = report;
  const lines = [
    `${protocol}, ${report.n} of ${dataset.pictures} pictures, ${dataset.labels.length} subjects, ${dataset.scenes} scenes, seed ${seed}, ${seconds} s`,
    `data set ${dataset.hash.slice(0, 12)}; ${machine.cpu}, ${machine.cores} cores`,
    ...allRecognizers(report).flatMap(recognizerLines),
  ];
  for (const { name, againstFirst } of report.recognizers) {
    if (!againstFirst) continue;
    lines.push("", ...comparisonLines(report.recognizer.name, name, againstFirst));
  }
  lines.push(...criteriaLines(report));
  return `${lines.join("\n")}\n`;
}

function comparisonLines(
  first: string,
  other: string,
  { difference, interval, onlyFirst, onlySecond, mcnemarP, n }: Comparison,
): string[] {
  const alone = `right by the first alone ${onlyFirst}, by the other alone ${onlySecond}`;
  if (onlyFirst + onlySecond === 0) {
    return [`${first} and ${other} cannot be told apart by these ${n} pictures: ${alone}`];
  }
  const span = interval ? ` (95 % ${signed(interval[0])} to ${signed(interval[1])})` : "";
  return [
    `${first} less ${other}, top-1 on ${n} pictures: ${signed(difference)}${span}`,
    `${alone}; exact McNemar ${probability(mcnemarP)}`,
  ];
}

/** The five criteria side by side, where there is more than one to compare. */
function criteriaLines(report: EvaluationReport): string[] {
  const recognizers = allRecognizers(report).map((one) => ({ name: one.recognizer.name, one }));
  const texts = report.textModels.map((one) => ({ name: one.name, one }));
  return [
    ...(recognizers.length > 1
      ? ["", "five criteria", ...tableLines(recognizers, recognizerRows(report.peakMemoryMb))]
      : []),
    ...(texts.length > 0 ? ["", "five criteria of tidying captions", ...tableLines(texts, TEXT_ROWS)] : []),
  ];
}

/** A column each, under a letter: names are longer than any column. */
function tableLines<One>(
  all: readonly { readonly name: string; readonly one: One }[],
  rows: readonly CriterionRow<One>[],
): string[] {
  const letter = (at: number) => String.fromCharCode("A".charCodeAt(0) + at);
  const cells = [
    ["", ...all.map((_, at) => letter(at))],
    ...rows.map(({ name, brief }) => [name, ...all.map(({ one }) => brief(one))]),
  ];
  const widths =
    cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  return [
    ...all.map(({ name }, at) => `  ${letter(at)}  ${name}`),
    ...cells.map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}`,
    ),
    ...rows.map(({ name, measure }) => `  ${name}: ${measure}`),
  ];
}

function recognizerLines(report: RecognizerReport): string[] {
  const { recognizer, accuracy, macroF1, openSet, calibration, multi, controls, latencyMs, intervals } =
    report;
  const rows: readonly (readonly [string, string])[] = [
    ["top-1", `${share(accuracy.top1)}${between(intervals["accuracy.top1"])} on ${accuracy.n} pictures`],
    ["top-3", share(accuracy.top3)],
    ["macro-F1", `${share(macroF1)}${between(intervals.macroF1)}`],
    [
      "strangers",
      openSet
        ? `AUROC ${share(openSet.auroc)}${between(intervals["openSet.auroc"])}, FPR95 ${share(openSet.fpr95)}, named falsely ${share(openSet.falseNames)}, ${openSet.strangers} pictures`
        : "no pictures of strangers",
    ],
    ["calibration", `ECE ${share(calibration.ece)}`],
    [
      "several",
      `micro-F1 ${share(multi.microF1)}, exact ${share(multi.exact)} (${multi.pictures?.n ?? 0} pictures, ${multi.collages?.n ?? 0} collages)`,
    ],
    [
      "presence",
      `positive ${share(report.positive)}, negative ${share(report.negative)}, weighted ${share(report.weighted)}`,
    ],
    ...(report.unparseable.n > 0 || Object.keys(report.readings).length > 0
      ? [["answers", answersText(report)] as const]
      : []),
    [
      "controls",
      `background only ${share(controls.backgroundOnly)} (learnt ${share(controls.backgroundLearnt)}), majority ${share(controls.majority)}, random ${share(controls.random)}`,
    ],
    [
      "one look",
      latencyMs
        ? `p50 ${latencyMs.p50.toFixed(1)}, p95 ${latencyMs.p95.toFixed(1)}, p99 ${latencyMs.p99.toFixed(1)} ms (load ${latencyMs.load})`
        : "not timed",
    ],
  ];
  return [
    "",
    `${recognizer.name}${recognizer.version ? ` ${recognizer.version}` : ""}`,
    ...rows.map(([name, text]) => `  ${name.padEnd(12)} ${text}`),
    ...report.goals.map(
      ({ name, goal, value, met }) =>
        `  ${met === null ? "no figure" : met ? "met      " : "NOT met  "}  ${name}: ${value === null ? "-" : Number(value.toFixed(3))}, ${goal}`,
    ),
    ...report.notes.map((note) => `  - ${note}`),
  ];
}

/** "read as json 20, names 3; 1 of 24 unreadable, counted as wrong" */
export function answersText({ readings, unparseable, n }: RecognizerReport): string {
  const read = Object.entries(readings).map(([reading, count]) => `${reading} ${count}`);
  return `${read.length > 0 ? `read as ${read.join(", ")}; ` : ""}${unparseable.n} of ${n} unreadable, counted as wrong`;
}

function share(value: number | null): string {
  return value === null ? "-" : value.toFixed(3);
}

/** The wider sort of interval, where there is one. */
function between(intervals: Intervals | undefined): string {
  const shown = intervalToShow(intervals);
  if (!shown) return "";
  const [low, high] = shown;
  const how = shown === intervals?.byScene ? "scenes redrawn" : "Wilson";
  return ` (95 % ${low.toFixed(2)} to ${high.toFixed(2)}, ${how})`;
}

function signed(value: number): string {
  return `${value >= 0 ? "+" : ""}${value.toFixed(3)}`;
}
