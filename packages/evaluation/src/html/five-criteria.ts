import { dataTable, type Html } from "@followspot/report";
import type { EvaluationReport, RecognizerReport } from "../evaluation-report.ts";
import { intervalToShow } from "../statistics/interval.ts";
import { between, bytes, milliseconds, share } from "./format.ts";

type Criterion = readonly [name: string, measure: string, value: (report: RecognizerReport) => string];

/** Raw values, not a score: what weighs how much is for the reader to say. */
export function fiveCriteria(report: EvaluationReport): Html {
  const all = [report, ...(report.second ? [report.second] : [])];
  const own = ({ recognizer }: RecognizerReport) => recognizer.kind === "understudy";
  const rows: readonly Criterion[] = [
    [
      "Hardware",
      "what ran it",
      (one) =>
        own(one)
          ? `a CPU, no GPU; at most ${report.peakMemoryMb} MB of memory with everything measured here`
          : "runs on its own server: not seen from here",
    ],
    [
      "Openness",
      "points of 4: weights, code, training data, offline",
      (one) =>
        own(one)
          ? "4: the weights are yours, the code is Apache-2.0, it learns from this data set alone on features of our own, and works offline"
          : "not known: the server does not say",
    ],
    [
      "Efficiency",
      "looks a second; size of the model",
      (one) =>
        one.latencyMs
          ? `${(1000 / one.latencyMs.p50).toFixed(1)} a second; ${bytes(one.recognizer.modelBytes)}`
          : "–",
    ],
    [
      "Accuracy",
      "weighted accuracy; macro-F1, with 95 % intervals",
      (one) =>
        `${share(one.weighted)}${between(intervalToShow(one.intervals.weighted))}; ${share(one.macroF1)}${between(intervalToShow(one.intervals.macroF1))}`,
    ],
    [
      "Latency",
      "p50 and p95 of one look",
      (one) => `${milliseconds(one.latencyMs?.p50)}, ${milliseconds(one.latencyMs?.p95)}`,
    ],
  ];
  return dataTable({
    columns: [
      { head: "criterion" },
      { head: "measure" },
      ...all.map(({ recognizer }) => ({ head: recognizer.name })),
    ],
    rows: rows.map(([name, measure, value]) => [name, measure, ...all.map(value)]),
  });
}
