import { type Html, html } from "./html.ts";

/** Answers of about the same score. */
export interface ReliabilityBin {
  /** Mean score of the answers in it, 0 to 1. */
  readonly confidence: number;
  /** Share of them that was right, 0 to 1. */
  readonly accuracy: number;
  readonly n: number;
  /** 95 % interval of the share. */
  readonly low?: number;
  readonly high?: number;
}

export interface ReliabilityParts {
  /** Bins without an answer may be left out. */
  readonly bins: readonly ReliabilityBin[];
  /** For those who do not see the picture. */
  readonly label?: string;
}

const SIDE = 300;
const LEFT = 44;
const TOP = 12;
const BOTTOM = 40;
const RIGHT = 14;
/** Further right, a number beside its dot would leave the plot. */
const MOST_FOR_RIGHT = 0.93;

/** How often what is claimed comes true: on the dashed line where scores mean what they say. */
export function reliabilityPlot({ bins, label = "Reliability of the scores" }: ReliabilityParts): Html {
  const x = (share: number) => round(LEFT + share * SIDE);
  const y = (share: number) => round(TOP + (1 - share) * SIDE);
  const full = bins.filter(({ n }) => n > 0);
  const most = Math.max(1, ...full.map(({ n }) => n));
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const width = LEFT + SIDE + RIGHT;
  const height = TOP + SIDE + BOTTOM;
  return html`<svg class="plot" role="img" aria-label="${label}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect class="axis" x="${LEFT}" y="${TOP}" width="${SIDE}" height="${SIDE}"/>
<line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>
${ticks.map((tick) => html`<text x="${x(tick)}" y="${TOP + SIDE + 16}" text-anchor="middle">${tick}</text><text x="${LEFT - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`)}
<text x="${x(0.5)}" y="${height - 6}" text-anchor="middle">score claimed</text>
<text x="12" y="${y(0.5)}" text-anchor="middle" transform="rotate(-90 12 ${y(0.5)})">share right</text>
${full.map(({ confidence, accuracy, n, low, high }) => {
  const words = `${n} answers, claimed ${confidence.toFixed(2)}, right ${accuracy.toFixed(2)}`;
  const whisker =
    low !== undefined && high !== undefined
      ? html`<line class="whisker" x1="${x(confidence)}" x2="${x(confidence)}" y1="${y(low)}" y2="${y(high)}"/>`
      : undefined;
  const radius = round(3 + 6 * Math.sqrt(n / most));
  // Beside the dot: above it lies the whisker, and at the top the frame.
  const side = confidence > MOST_FOR_RIGHT ? -1 : 1;
  const beside = round(x(confidence) + side * (radius + 3));
  return html`<g><title>${words}</title>${whisker}<circle class="mark" cx="${x(confidence)}" cy="${y(accuracy)}" r="${radius}"/><text x="${beside}" y="${y(accuracy) + 4}" text-anchor="${side > 0 ? "start" : "end"}">${n}</text></g>
`;
})}</svg>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
