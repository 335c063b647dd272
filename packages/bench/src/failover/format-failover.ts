import { COLUMNS, row, table } from "../text-table.ts";
import type { FailoverReport } from "./failover-report.ts";

export function failoverLines({
  server,
  deadlineMs,
  faults,
  observations,
  twice,
  outOfOrder,
}: FailoverReport): string[] {
  return [
    `${server}, deadline ${deadlineMs} ms, ${observations} observations, ${twice} of a frame twice, ${outOfOrder} out of order`,
    ...faults.flatMap(({ fault, repetitions, nextLabelMs, silenceMs, promotedMs }) =>
      table([
        [`${fault} x ${repetitions}, ms`, ...COLUMNS],
        ["next label", ...row(nextLabelMs)],
        ["longest silence of a camera", ...row(silenceMs)],
        ["in force again", ...row(promotedMs)],
      ]),
    ),
  ];
}
