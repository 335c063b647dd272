import type {
  BenchReport,
  OverheadReport,
  OverloadReport,
  ProcessCosts,
  SampleShowReport,
} from "./report.ts";
import { failoverLines } from "./failover/format-failover.ts";
import { proposalsLines } from "./proposals/format-proposals.ts";
import { recognizeLines } from "./recognize/format-recognize.ts";
import { scoresLines } from "./scores/format-scores.ts";
import { COLUMNS, row, table } from "./text-table.ts";
import { tritonLines } from "./triton/format-triton.ts";

/** A report for the terminal. */
export function formatReport(report: BenchReport): string {
  const { machine, versions } = report;
  const lines = [
    `${report.bench}, ${report.startedAt}, ${report.seconds} s, seed ${report.seed}`,
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.os}`,
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(", "),
    "",
    ...resultLines(report),
    "",
    ...report.goals.map(({ goal, value, met }) => `${met ? "met    " : "NOT met"}  ${goal}: ${round(value)}`),
    "",
    ...report.conditions.map((sentence) => `- ${sentence}`),
  ];
  return `${lines.join("\n")}\n`;
}

function resultLines(report: BenchReport): string[] {
  switch (report.bench) {
    case "overhead":
      return overheadLines(report);
    case "overload":
      return overloadLines(report);
    case "sample-show":
      return sampleShowLines(report);
    case "recognize":
      return recognizeLines(report);
    case "proposals":
      return proposalsLines(report);
    case "triton":
      return tritonLines(report);
    case "scores":
      return scoresLines(report);
    case "failover":
      return failoverLines(report);
  }
}

function sampleShowLines({
  macroF1,
  byLabel,
  strict,
  perFrame,
  byLight,
  byScene,
  modelMs,
}: SampleShowReport): string[] {
  const labels = Object.entries(byLabel).map(([label, { precision, recall, f1, secondsOnStage }]) => [
    label,
    ...[precision, recall, f1].map((value) => value.toFixed(3)),
    String(secondsOnStage),
  ]);
  return [
    `macro-F1 ${macroF1} (strict ${strict.macroF1}, single pictures ${perFrame.macroF1})`,
    ...table([["label", "precision", "recall", "F1", "s on stage"], ...labels]),
    "",
    ...conditionLines("light", byLight),
    "",
    ...conditionLines("scene", byScene),
    "",
    ...table([
      ["ms", ...COLUMNS],
      ["recognition", ...row(modelMs)],
    ]),
  ];
}

function conditionLines(name: string, scores: SampleShowReport["byLight"]): string[] {
  const rows = Object.entries(scores).map(([condition, { macroF1, seconds }]) => [
    condition,
    macroF1.toFixed(3),
    String(seconds),
  ]);
  return table([[name, "macro-F1", "seconds"], ...rows]);
}

function overheadLines({ cells }: OverheadReport): string[] {
  return cells.flatMap((cell) => [
    `${cell.cameras} x ${cell.fps} fps, model ${cell.modelMs} ms: ${cell.sent} sent, drops ${counts(cell.drops)}`,
    ...table([
      ["ms", ...COLUMNS],
      ["overhead", ...row(cell.overheadMs)],
      ["  captured to asked", ...row(cell.hopsMs.capturedToAsked)],
      ["  call without model", ...row(cell.hopsMs.callWithoutModel)],
      ["  answered to appended", ...row(cell.hopsMs.answeredToAppended)],
      ["  appended to received", ...row(cell.hopsMs.appendedToReceived)],
      ["model, measured", ...row(cell.measuredModelMs)],
      ["end to end", ...row(cell.endToEndMs)],
      ["a PING to Redis", ...row(cell.redisPingMs)],
    ]),
    ...costs(cell.processes),
    "",
  ]);
}

function overloadLines({ byCameras, policies }: OverloadReport): string[] {
  const measured = Object.values(byCameras).flatMap((level) => [
    `${level.cameras} x ${level.fps} fps, ${level.seconds} s: ${level.published} published, ${level.inferences} inferences ` +
      `(${round(level.throughput)}/s), service ${round(level.serviceMs)} ms, waited there ${round(level.queueMs)} ms`,
    `fairness ${level.fairness} (best possible ${level.bestFairness}), drops ${counts(level.drops)}`,
    `Redis ${megabytes(level.redisMemoryBytes.start)} -> ${megabytes(level.redisMemoryBytes.end)}, all processes ${level.rssMb.start} -> ${level.rssMb.end} MB`,
    ...table([
      ["ms", ...COLUMNS],
      ["age when published", ...row(level.ageMs)],
      ["age when begun", ...row(level.ageAtStartMs)],
    ]),
    ...costs(level.processes),
    "",
  ]);
  const simulated = policies.map(({ name, cameras, ageMs, fairness, inferences, drops }) => [
    `${cameras} x ${name}`,
    ...row(ageMs),
    fairness.toFixed(3),
    String(inferences),
    String(Object.values(drops).reduce((total, n) => total + n, 0)),
  ]);
  return [
    ...measured,
    "simulated on the same trace:",
    ...table([["age in ms", ...COLUMNS, "fairness", "inferences", "drops"], ...simulated]),
  ];
}

function costs(processes: ProcessCosts): string[] {
  const rows = Object.entries(processes).map(([name, { cpuSeconds, rssMbStart, rssMbEnd }]) => [
    name,
    cpuSeconds.toFixed(2),
    rssMbStart.toFixed(1),
    rssMbEnd.toFixed(1),
  ]);
  return table([["process", "CPU s", "RSS MB", "at end"], ...rows]);
}

function counts(drops: Readonly<Record<string, number>>): string {
  const entries = Object.entries(drops).filter(([, n]) => n > 0);
  return entries.length === 0 ? "none" : entries.map(([reason, n]) => `${reason} ${n}`).join(", ");
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
