import { type Html, html } from "./html.ts";

export interface HistogramParts {
  /** Values that are no number are left out. */
  readonly values: readonly number[];
  readonly unit: string;
  /** For those who do not see the picture. */
  readonly label: string;
  /** Lines across, as p50. */
  readonly marks?: readonly { readonly value: number; readonly name: string }[];
  /** Number of bars, 1 to 60. Default 24. */
  readonly bars?: number;
}

const WIDTH = 520;
const HEIGHT = 180;
const LEFT = 36;
const TOP = 30;
const BOTTOM = 36;
const RIGHT = 22;

/** How values are spread, from 0 (or the least, where it is below) to the largest. */
export function histogram({ values, unit, label, marks = [], bars = 24 }: HistogramParts): Html {
  const numbers = values.filter(Number.isFinite);
  const least = numbers.reduce((low, value) => Math.min(low, value), 0);
  const largest = niceCeil(numbers.reduce((high, value) => Math.max(high, value), least) - least) + least;
  const count = Math.min(60, Math.max(1, Math.round(bars)));
  const heights = Array.from({ length: count }, () => 0);
  const span = largest - least || 1;
  for (const value of numbers) {
    const bar = Math.min(count - 1, Math.floor(((value - least) / span) * count));
    heights[bar] = (heights[bar] ?? 0) + 1;
  }
  const most = Math.max(1, ...heights);
  const x = (value: number) => round(LEFT + ((value - least) / span) * WIDTH);
  const wide = WIDTH / count;
  const width = LEFT + WIDTH + RIGHT;
  const height = TOP + HEIGHT + BOTTOM;
  const foot = TOP + HEIGHT;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => least + share * span);
  return html`<svg class="plot" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
${heights.map((n, bar) => {
  const tall = (n / most) * HEIGHT;
  const words = `${format(least + (bar / count) * span)} to ${format(least + ((bar + 1) / count) * span)} ${unit}: ${n}`;
  return html`<rect class="bar" x="${round(LEFT + bar * wide + 0.5)}" y="${round(foot - tall)}" width="${round(wide - 1)}" height="${round(tall)}"><title>${words}</title></rect>
`;
})}
<line class="axis" x1="${LEFT}" y1="${foot}" x2="${LEFT + WIDTH}" y2="${foot}"/>
<text x="${LEFT - 5}" y="${TOP + 10}" text-anchor="end">${most}</text><text x="${LEFT - 5}" y="${foot}" text-anchor="end">0</text>
${ticks.map((tick) => html`<text x="${x(tick)}" y="${foot + 15}" text-anchor="middle">${format(tick)}</text>`)}
<text x="${LEFT + WIDTH / 2}" y="${height - 5}" text-anchor="middle">${unit}</text>
${placed(marks, x).map(
  ({
    name,
    at,
    row,
  }) => html`<line class="line" x1="${at}" x2="${at}" y1="${row}" y2="${foot}"/><text class="line-text" x="${at + 3}" y="${row + 8}">${name}</text>
`,
)}</svg>`;
}

/** Neighbouring names would cover each other in one row. */
function placed(marks: Required<HistogramParts>["marks"], x: (value: number) => number) {
  const sorted = marks.filter(({ value }) => Number.isFinite(value)).toSorted((a, b) => a.value - b.value);
  return sorted.map(({ value, name }, index) => ({ name, at: x(value), row: 2 + (index % 3) * 11 }));
}

/** 1, 2 or 5 times a power of ten, not below the value. */
function niceCeil(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const factor = [1, 2, 5, 10].find((step) => step * power >= value) ?? 10;
  return factor * power;
}

function format(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
