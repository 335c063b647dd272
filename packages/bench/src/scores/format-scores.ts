import { COLUMNS, row, table } from "../text-table.ts";
import type { ScoresReport } from "./scores-report.ts";

/** The result for the terminal. */
export function scoresLines(report: ScoresReport): string[] {
  const { labels, onePassMs, callForEachMs, yesNoCallsMs, listMs, ratios, widestGap } = report;
  return [
    `one picture, ${labels} labels`,
    ...table([
      ["ms", ...COLUMNS, "times one pass"],
      ["scores, one pass", ...row(onePassMs), "1"],
      [`scores, ${labels} calls`, ...row(callForEachMs), ratios.callForEach.toFixed(1)],
      [`yes or no, ${labels} calls`, ...row(yesNoCallsMs), ratios.yesNoCalls.toFixed(1)],
      ["list, one call", ...row(listMs), ratios.list.toFixed(1)],
    ]),
    `widest gap between a score of the one pass and of the call for it alone: ${widestGap.toExponential(1)}`,
  ];
}
