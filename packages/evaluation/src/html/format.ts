import type { Interval } from "../statistics/interval.ts";

/** "0.93", or a dash where there is no figure. */
export function share(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(2);
}

/** " (0.88 to 0.97)", or nothing. */
export function between(interval: Interval | null | undefined): string {
  return interval ? ` (${interval[0].toFixed(2)} to ${interval[1].toFixed(2)})` : "";
}

/** "p = 0.03", or that it is less than can be written in three digits. */
export function probability(p: number): string {
  return p < 0.001 ? "p < 0.001" : `p = ${p.toFixed(p < 0.05 ? 3 : 2)}`;
}

export function milliseconds(value: number | undefined): string {
  if (value === undefined) return "–";
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}

export function bytes(value: number | undefined): string {
  if (value === undefined) return "–";
  return value < 1e6 ? `${Math.round(value / 1e3)} kB` : `${(value / 1e6).toFixed(1)} MB`;
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** "2026-11-24 04:53 UTC" of an ISO time. */
export function minute(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
