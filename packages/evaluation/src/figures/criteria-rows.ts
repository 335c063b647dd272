import type { RecognizerReport } from "../evaluation-report.ts";
import { between, bytes, milliseconds, share } from "../html/format.ts";
import { intervalToShow } from "../statistics/interval.ts";
import { type Hardware, hardwareOf, type Openness, opennessOf } from "./criteria.ts";
import type { TextModelReport } from "./text-models.ts";

/** One criterion of five: long for the page, brief for the terminal. */
export interface CriterionRow<One> {
  readonly name: string;
  readonly measure: string;
  readonly long: (one: One) => string;
  readonly brief: (one: One) => string;
}

/** Raw values, not a score: what weighs how much is for the reader to say. */
export function recognizerRows(peakMemoryMb: number): readonly CriterionRow<RecognizerReport>[] {
  return [
    {
      name: "Hardware",
      measure: "what ran it, memory",
      long: (one) =>
        own(one)
          ? `a CPU, no GPU; at most ${peakMemoryMb} MB with everything measured here`
          : serverText(hardwareOf(one)),
      brief: (one) => (own(one) ? "a CPU, here" : serverBrief(hardwareOf(one))),
    },
    {
      name: "Openness",
      measure: "points of 4: weights, code, training data, offline; licence",
      long: (one) =>
        own(one)
          ? "4: weights of your own, code Apache-2.0, learnt from this data set alone, works offline"
          : opennessText(opennessOf(one)),
      brief: (one) => opennessBrief(opennessOf(one)),
    },
    {
      name: "Efficiency",
      measure: "looks a second, one after another; size of the model",
      long: (one) =>
        one.latencyMs
          ? `${(1000 / one.latencyMs.p50).toFixed(1)} a second; ${one.recognizer.modelBytes === undefined ? "size not known" : bytes(one.recognizer.modelBytes)}`
          : "–",
      brief: (one) => (one.latencyMs ? `${(1000 / one.latencyMs.p50).toFixed(1)}/s` : "–"),
    },
    {
      name: "Accuracy",
      measure: "weighted accuracy; macro-F1; 95 % intervals by scene",
      long: (one) =>
        `${share(one.weighted)}${between(intervalToShow(one.intervals.weighted))}; ${share(one.macroF1)}${between(intervalToShow(one.intervals.macroF1))}; ${one.n} pictures`,
      brief: (one) => `${share(one.weighted)}; ${share(one.macroF1)}`,
    },
    {
      name: "Latency",
      measure: "half of the looks took no longer (p50); 19 of 20 took no longer (p95)",
      long: (one) => `${milliseconds(one.latencyMs?.p50)}, ${milliseconds(one.latencyMs?.p95)}`,
      brief: (one) => `${milliseconds(one.latencyMs?.p50)}, ${milliseconds(one.latencyMs?.p95)}`,
    },
  ];
}

/** The same five of models that tidy captions. */
export const TEXT_ROWS: readonly CriterionRow<TextModelReport>[] = [
  {
    name: "Hardware",
    measure: "what ran it, memory",
    long: ({ hardware }) => serverText(hardware),
    brief: ({ hardware }) => serverBrief(hardware),
  },
  {
    name: "Openness",
    measure: "points of 4: weights, code, training data, offline; licence",
    long: ({ openness }) => opennessText(openness),
    brief: ({ openness }) => opennessBrief(openness),
  },
  {
    name: "Efficiency",
    measure: "tokens written a second, one caption after another; context",
    long: ({ efficiency, contextTokens }) => `${speed(efficiency)}; ${context(contextTokens)}`,
    brief: ({ efficiency, contextTokens }) => `${speed(efficiency)}; ${context(contextTokens)}`,
  },
  {
    name: "Accuracy",
    measure:
      "plain JSON; who; identity apart; aliases folded; no invented names: shares of the captions of the exam, so that .3 may be chance",
    long: ({ accuracy: { json, who, apart, aliases, names, n, failed } }) =>
      `plain JSON ${share(json)}; who ${share(who)}; apart ${share(apart)}; aliases ${share(aliases)}; names ${share(names)}; ${n} captions${failed > 0 ? `, ${failed} without an answer` : ""}`,
    brief: ({ accuracy: { json, who, apart, aliases, names } }) =>
      [json, who, apart, aliases, names].map(share).join(" "),
  },
  {
    name: "Latency",
    measure: "half of the captions took no longer (p50); the longest",
    long: ({ latencyMs }) => `${milliseconds(latencyMs.p50)}, ${milliseconds(latencyMs.max)}`,
    brief: ({ latencyMs }) => `${milliseconds(latencyMs.p50)}, ${milliseconds(latencyMs.max)}`,
  },
];

function own({ recognizer }: RecognizerReport): boolean {
  return recognizer.kind === "understudy";
}

function serverText({ program, memoryBytes, publishedGb }: Hardware): string {
  const parts = [
    program ? `a server of its own, ${program}` : "runs on its own server: not seen from here",
    memoryBytes !== null && `${bytes(memoryBytes)} as it counts them`,
    publishedGb !== null && `${publishedGb} GB on a GPU in 16 bits, as published`,
  ];
  return parts.filter((part) => part !== false).join("; ");
}

function serverBrief({ program, memoryBytes, publishedGb }: Hardware): string {
  const memory = memoryBytes !== null ? bytes(memoryBytes) : publishedGb !== null && `${publishedGb} GB BF16`;
  return [program ?? "a server", memory].filter((part) => part !== false).join(", ");
}

function opennessText({ points, licence, source }: Openness): string {
  if (points === null) return "not known: the server does not say; name the model with ?sheet=";
  return `${points}: ${licence}${source ? ` (${source})` : ""}`;
}

function opennessBrief({ points, licence }: Openness): string {
  return points === null ? "not known" : `${points} of 4, ${licence}`;
}

function speed({ tokensPerSecond, charactersPerSecond }: TextModelReport["efficiency"]): string {
  if (tokensPerSecond !== null) return `${Math.round(tokensPerSecond)} tokens a second`;
  return charactersPerSecond === null ? "–" : `${charactersPerSecond} characters a second`;
}

function context(tokens: number | null): string {
  return tokens === null ? "context not known" : `${tokens.toLocaleString("en")} tokens of context`;
}
