import type { Summary } from "./summary.ts";

/** The heads of what `row` gives. */
export const COLUMNS = ["n", "p50", "p90", "p95", "p99", "max"];

export function row({ n, p50, p90, p95, p99, max }: Summary): string[] {
  return [String(n), ...[p50, p90, p95, p99, max].map((value) => value.toFixed(2))];
}

/** Columns as wide as their widest cell; the first to the left, numbers to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...rows.map((cells) => cells.length));
  const widths = Array.from({ length: columns }, (_, at) =>
    Math.max(...rows.map((cells) => (cells[at] ?? "").length)),
  );
  return rows.map((cells) =>
    cells
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join("  "),
  );
}
