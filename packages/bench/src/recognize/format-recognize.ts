import { COLUMNS, row, table } from "../text-table.ts";
import type { Looking, RecognizeReport } from "./recognize-report.ts";

/** The result for the terminal. */
export function recognizeLines({ model, sets, firstLookMs, training, rssMb }: RecognizeReport): string[] {
  return [
    `understudy ${model.version}, ${model.labels} labels, ${model.bytes} bytes; first look ${firstLookMs} ms`,
    "",
    ...Object.entries(sets).flatMap(([name, looking]) => [...lookingLines(name, looking), ""]),
    `training ${training.subjects} subjects, ${training.pictures} pictures: ${training.seconds} s (${training.cpuSeconds} CPU s), ` +
      `peak ${training.peakRssMb} MB, model of ${training.modelBytes} bytes` +
      (training.top1 === undefined ? "" : `, top-1 on unseen scenes ${training.top1.toFixed(3)}`),
    `memory: ${rssMb.started} MB at the start, ${rssMb.modelLoaded} with the model, ${rssMb.afterLooking} after looking, peak ${rssMb.peak}`,
  ];
}

function lookingLines(
  name: string,
  { pictures, side, decodeMs, frameMs, bySubjects, cropMs, cropSide, embedMs, coresUsed }: Looking,
): string[] {
  return [
    `${name}: ${pictures}; longest side ${side.p50} (p50), cores used ${coresUsed}`,
    ...table([
      ["ms", ...COLUMNS],
      ["decoding", ...row(decodeMs)],
      ["frame", ...row(frameMs)],
      ...Object.entries(bySubjects).map(([subjects, ms]) => [`  subjects: ${subjects}`, ...row(ms)]),
      ["crop", ...row(cropMs)],
      ["  its longest side, pixels", ...row(cropSide)],
      ["crop to a vector", ...row(embedMs)],
    ]),
  ];
}
