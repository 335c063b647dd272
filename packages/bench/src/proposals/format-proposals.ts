import { COLUMNS, row, table } from "../text-table.ts";
import type { ProposalSet, ProposalsReport, Recall } from "./proposals-report.ts";

/** The result for the terminal. */
export function proposalsLines({ sets, iou }: ProposalsReport): string[] {
  return Object.entries(sets)
    .flatMap(([name, set]) => [...setLines(name, set, iou), ""])
    .slice(0, -1);
}

function setLines(
  name: string,
  { pictures, n, recall, byLabel, bySide, proposalsMs }: ProposalSet,
  iou: number,
): string[] {
  return [
    `${name}: ${pictures}; ${n} pictures`,
    ...table([
      [`recall at IoU ${iou}`, "boxes", "in 5", "in 10", "in 20"],
      ["all", ...cells(recall)],
      ...Object.entries(bySide).map(([side, some]) => [`  short side ${side}`, ...cells(some)]),
      ...Object.entries(byLabel).map(([label, some]) => [`  ${label}`, ...cells(some)]),
    ]),
    ...table([
      ["ms", ...COLUMNS],
      ["proposals", ...row(proposalsMs)],
    ]),
  ];
}

function cells({ boxes, at5, at10, at20 }: Recall): string[] {
  return [String(boxes), ...[at5, at10, at20].map((share) => share.toFixed(3))];
}
