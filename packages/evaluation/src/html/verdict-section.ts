import { type Html, html, verdict } from "@followspot/report";
import {
  allRecognizers,
  type EvaluationReport,
  type Goal,
  type RecognizerReport,
} from "../evaluation-report.ts";
import type { Protocol } from "../exam/folds.ts";
import { intervalToShow } from "../statistics/interval.ts";
import { between, probability, share } from "./format.ts";

const WHERE: Readonly<Record<Protocol, string>> = {
  "leave-one-scene-out": "in scenes that it had not seen",
  "leave-one-out": "in pictures that it had not seen",
  split: "in the test pictures",
};

/** What the reader takes away if nothing else. */
export function verdictSection(report: EvaluationReport): Html {
  const [first = report, ...others] = allRecognizers(report);
  const notes = new Set([first, ...others].flatMap((one) => one.notes));
  return html`${[first, ...others].map((one) => banner(one, report.protocol))}
${others.map((other, at) => {
  const comparison = report.recognizers[at + 1]?.againstFirst;
  return comparison && html`<p>${comparisonSentence(first, other, comparison)}</p>`;
})}
${others.length > 1 && html`<p class="small muted">Of ${others.length} comparisons one in twenty is "better" by chance alone: read p below ${(0.05 / others.length).toFixed(3)} as a difference.</p>`}
${notes.size > 0 && html`<ul class="small muted">${[...notes].map((note) => html`<li>${note}</li>`)}</ul>`}`;
}

function banner(report: RecognizerReport, protocol: Protocol): Html {
  const { recognizer, accuracy, intervals, goals } = report;
  const failed = goals.filter(({ met }) => met === false).length;
  const judged = goals.filter(({ met }) => met !== null).length;
  const right = Math.round((accuracy.top1 ?? 0) * accuracy.n);
  const where = recognizer.learns ? WHERE[protocol] : "in the pictures put to it";
  const named =
    accuracy.n === 0
      ? `${recognizer.name}: no picture shows one member of the cast alone`
      : `${recognizer.name} names ${right} of ${accuracy.n} right ${where}: ${share(accuracy.top1)}${between(intervalToShow(intervals["accuracy.top1"]))}`;
  return verdict({
    tone: failed > 0 ? "fail" : judged === goals.length ? "pass" : "note",
    sentence: `${named}. ${judged - failed} of ${judged} goals met.`,
    goals: goals.map(goalLine),
  });
}

function goalLine({ name, goal, value, met }: Goal) {
  const shown = value === null ? "–" : value >= 10 ? value.toFixed(0) : value.toFixed(2);
  return { goal: `${name}, ${goal}`, value: shown, met: met ?? undefined };
}

function comparisonSentence(
  { recognizer: first }: RecognizerReport,
  { recognizer: second }: RecognizerReport,
  { n, onlyFirst, onlySecond, mcnemarP, difference, interval }: NonNullable<EvaluationReport["comparison"]>,
): string {
  const lead = `On the same ${n} pictures, ${first.name} alone was right ${times(onlyFirst)}, ${second.name} alone ${times(onlySecond)}`;
  // Without a picture on which they differ there is nothing to compute an interval from.
  if (onlyFirst + onlySecond === 0) return `${lead}: these pictures do not tell them apart.`;
  const better = difference >= 0 ? first.name : second.name;
  const end = mcnemarP < 0.05 ? `${better} is better` : "that is within chance";
  const gap = interval ? `; difference in top-1 ${difference.toFixed(2)}${between(interval)}` : "";
  return `${lead}: ${end} (exact McNemar, ${probability(mcnemarP)})${gap}.`;
}

function times(count: number): string {
  return count === 1 ? "once" : `${count} times`;
}
