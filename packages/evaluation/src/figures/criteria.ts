import { findSheet, type ModelSheet } from "@followspot/vision-language/model-sheets";
import type { ServerCard } from "../contestants/server-card.ts";
import type { RecognizerReport } from "../evaluation-report.ts";

/** What a model is known for besides what was measured. Null is "nobody says". */
export interface Openness {
  /** Of 4: weights, code, training data, works offline. */
  readonly points: number | null;
  readonly licence: string | null;
  /** Where that is from. */
  readonly source: string | null;
}

export interface Hardware {
  /** "cpu": here, in this process. */
  readonly where: "cpu" | "server";
  readonly program: string | null;
  /** As the server counts it. */
  readonly memoryBytes: number | null;
  /** As published for the model in 16 bits, in GB: see the sheet. */
  readonly publishedGb: number | null;
}

const UNDERSTUDY: Openness = { points: 4, licence: "Apache-2.0", source: null };

/** Its sheet, where the model is one that is known. */
export function sheetOf(report: Pick<RecognizerReport, "recognizer">): ModelSheet | undefined {
  const { sheet } = report.recognizer;
  return sheet === undefined ? undefined : findSheet(sheet);
}

export function opennessOf(report: Pick<RecognizerReport, "recognizer">): Openness {
  return report.recognizer.kind === "understudy" ? UNDERSTUDY : opennessOfSheet(sheetOf(report));
}

export function opennessOfSheet(sheet: ModelSheet | undefined): Openness {
  if (!sheet) return { points: null, licence: null, source: null };
  const { weights, code, trainingData, offline } = sheet.openness.value;
  const points = [weights, code, trainingData, offline].filter(Boolean).length;
  return { points, licence: sheet.licence.value, source: sheet.licence.source };
}

export function hardwareOf(report: Pick<RecognizerReport, "recognizer">): Hardware {
  const { kind, server } = report.recognizer;
  return kind === "understudy"
    ? { where: "cpu", program: null, memoryBytes: null, publishedGb: null }
    : hardwareOfServer(server, sheetOf(report));
}

export function hardwareOfServer(server: ServerCard | undefined, sheet: ModelSheet | undefined): Hardware {
  return {
    where: "server",
    program: server?.program ?? null,
    memoryBytes: server?.memoryBytes ?? null,
    publishedGb: sheet?.memory.find(({ format }) => format === "BF16")?.gigabytes.value ?? null,
  };
}

/** The five criteria of one recognizer, as numbers: what `recognizers` of the JSON holds. */
export function criteriaOf(report: RecognizerReport) {
  const {
    recognizer,
    latencyMs,
    weighted,
    macroF1,
    accuracy,
    calibration,
    unparseable,
    readings,
    intervals,
  } = report;
  return {
    name: recognizer.name,
    version: recognizer.version ?? null,
    kind: recognizer.kind,
    contract: recognizer.contract ?? null,
    ask: recognizer.ask ?? null,
    sheet: sheetOf(report)?.id ?? null,
    hardware: hardwareOf(report),
    openness: opennessOf(report),
    efficiency: {
      looksPerSecond: latencyMs ? Math.round(100_000 / latencyMs.p50) / 100 : null,
      modelBytes: recognizer.modelBytes ?? null,
    },
    accuracy: {
      n: report.n,
      top1: accuracy.top1,
      macroF1,
      weighted,
      weightedIntervals: intervals.weighted ?? null,
      positive: report.positive,
      negative: report.negative,
      ece: calibration.ece,
      unparseable: unparseable.n,
      readings,
    },
    latencyMs: latencyMs && { p50: latencyMs.p50, p95: latencyMs.p95, n: latencyMs.n, of: latencyMs.of },
  };
}

export type RecognizerCriteria = ReturnType<typeof criteriaOf>;
