import type { EvaluationReport, RecognizerReport } from "./evaluation-report.ts";
import { type Intervals, intervalToShow } from "./statistics/interval.ts";

/** A report for the terminal. */
export function formatEvaluation(report: EvaluationReport): string {
  const { dataset, machine, protocol, seconds, seed } = report;
  const lines = [
    `${protocol}, ${report.n} of ${dataset.pictures} pictures, ${dataset.labels.length} subjects, ${dataset.scenes} scenes, seed ${seed}, ${seconds} s`,
    `data set ${dataset.hash.slice(0, 12)}; ${machine.cpu}, ${machine.cores} cores`,
    ...recognizerLines(report),
    ...(report.second ? recognizerLines(report.second) : []),
  ];
  const { comparison, second } = report;
  if (comparison && second) {
    const { difference, interval, onlyFirst, onlySecond, mcnemarP, n } = comparison;
    lines.push(
      "",
      `${report.recognizer.name} less ${second.recognizer.name}, top-1 on ${n} pictures: ${signed(difference)}${interval ? ` (95 % ${signed(interval[0])} to ${signed(interval[1])})` : ""}`,
      `right by the first alone ${onlyFirst}, by the second alone ${onlySecond}; exact McNemar p = ${mcnemarP.toFixed(3)}`,
    );
  }
  return `${lines.join("\n")}\n`;
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
