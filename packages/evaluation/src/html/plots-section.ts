import { dataTable, type Html, html, histogram, reliabilityPlot } from "@followspot/report";
import type { RecognizerReport } from "../evaluation-report.ts";
import { FEW_PICTURES } from "../figures/conditions.ts";
import { wilson } from "../statistics/interval.ts";
import { between, share } from "./format.ts";

/** Under which conditions it is right. */
export function conditionsSection({ conditions }: RecognizerReport): Html {
  return dataTable({
    caption: `Share of pictures answered rightly, with Wilson's interval. Fewer than ${FEW_PICTURES} pictures say next to nothing, and are marked.`,
    columns: [
      { head: "condition" },
      { head: "" },
      { head: "right", numeric: true },
      { head: "n", numeric: true },
      { head: "share" },
    ],
    rows: conditions.map(({ condition, value, n, right, share: part, interval }, index) => [
      conditions[index - 1]?.condition === condition ? "" : condition,
      value,
      right,
      n,
      html`${share(part)}${between(interval)}${n < FEW_PICTURES && html` <span class="tag">few</span>`}`,
    ]),
  });
}

/** Whether a score of 0.8 is right four times in five. */
export function reliabilitySection({ calibration, recognizer }: RecognizerReport): Html {
  const bins = calibration.bins.filter(({ n }) => n > 0);
  const plotted = bins.map((bin) => {
    const [low, high] = wilson(Math.round(bin.accuracy * bin.n), bin.n);
    return { ...bin, low, high };
  });
  return html`<div class="row">
<figure>${reliabilityPlot({ bins: plotted, label: `Reliability of ${recognizer.name}` })}</figure>
${dataTable({
  caption: `Expected calibration error ${share(calibration.ece)}, from ${calibration.n} pictures of one member of the cast.`,
  columns: [
    { head: "score" },
    { head: "n", numeric: true },
    { head: "claimed", numeric: true },
    { head: "right", numeric: true },
  ],
  rows: bins.map(({ low, high, n, confidence, accuracy }) => [
    `${low.toFixed(1)} to ${high.toFixed(1)}`,
    n,
    share(confidence),
    share(accuracy),
  ]),
})}
</div>`;
}

/** How long a look takes. */
export function latencySection({ latencyMs, recognizer }: RecognizerReport): Html {
  if (!latencyMs) return html`<p>Not timed.</p>`;
  const { p50, p95, p99, values, n, of, load } = latencyMs;
  return html`<p>${recognizer.name}: p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms of ${n} looks, ${of}. The machine's load was ${load}.</p>
<figure>${histogram({
    values,
    unit: "ms",
    label: `How long ${recognizer.name} takes`,
    marks: [
      { value: p50, name: "p50" },
      { value: p95, name: "p95" },
      { value: p99, name: "p99" },
    ],
  })}</figure>`;
}
