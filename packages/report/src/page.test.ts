import assert from "node:assert/strict";
import { test } from "node:test";
import { confusionMatrix } from "./confusion-matrix.ts";
import { dataTable } from "./data-table.ts";
import { histogram } from "./histogram.ts";
import { html } from "./html.ts";
import { renderPage } from "./page.ts";
import { reliabilityPlot } from "./reliability-plot.ts";
import { verdict } from "./verdict.ts";

const EVIL = `<img src=x onerror="alert(1)">`;

function everything(): string {
  const matrix = confusionMatrix({
    truths: [EVIL, "wolf"],
    guesses: [EVIL, "wolf", "unknown"],
    counts: [
      [3, 1, 0],
      [0, 4, 0],
    ],
    href: (truth, guess) => (truth === guess ? undefined : `#${EVIL}`),
  });
  const body = html`<h1>${EVIL}</h1>
${verdict({ tone: "fail", sentence: EVIL, goals: [{ goal: EVIL, value: EVIL, met: undefined }] })}
${dataTable({ caption: EVIL, columns: [{ head: EVIL }, { head: "n", numeric: true }], rows: [[EVIL, 3]] })}
${matrix}
${reliabilityPlot({ bins: [{ confidence: 0.9, accuracy: 0.8, n: 12, low: 0.5, high: 0.95 }], label: EVIL })}
${histogram({ values: [1, 2, 2, 40, Number.NaN], unit: EVIL, label: EVIL, marks: [{ value: 2, name: EVIL }] })}`;
  return renderPage({ title: EVIL, body });
}

test("a page runs nothing, fetches nothing, and shows names as text, whatever they are", () => {
  const page = everything();
  assert.doesNotMatch(page, /<img|<script|https?:\/\/(?!www\.w3\.org)|url\(|@import/);
  assert.match(page, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;/);
  assert.match(page, /Content-Security-Policy" content="default-src &#39;none&#39;; img-src data:;/);
});

test("every tag that is opened is closed", () => {
  const open: string[] = [];
  for (const [, closing, name = "", rest = ""] of everything()
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/g)) {
    if (closing) assert.equal(open.pop(), name);
    else if (!rest.endsWith("/") && !/^(?:meta|img|hr|br)$/.test(name)) open.push(name);
  }
  assert.deepEqual(open, []);
});

test("a confusion matrix says the counts, their share of the row, and where a cell leads", () => {
  const { markup } = confusionMatrix({
    truths: ["red", "wolf"],
    guesses: ["red", "wolf"],
    counts: [
      [3, 1],
      [0, 0],
    ],
    href: (truth, guess) => (truth === guess ? undefined : `#${truth}-${guess}`),
  });
  assert.match(markup, /class="right" style="--share:75%" title="red, answered red: 3 of 4">3</);
  assert.match(
    markup,
    /class="wrong" style="--share:25%" title="red, answered wolf: 1 of 4"><a href="#red-wolf">1</,
  );
  assert.match(markup, /title="wolf, answered red: 0 of 0">·</);
});

test("a histogram counts every value once, in the bar that it belongs to", () => {
  const { markup } = histogram({ values: [0, 1, 9.9, 10, 10], unit: "ms", label: "x", bars: 10 });
  const titles = Array.from(markup.matchAll(/<title>(.*?)<\/title>/g), ([, title]) => title);
  assert.deepEqual(titles, [
    "0 to 1 ms: 1",
    "1 to 2 ms: 1",
    ...[2, 3, 4, 5, 6, 7, 8].map((low) => `${low} to ${low + 1} ms: 0`),
    "9 to 10 ms: 3",
  ]);
});

test("a histogram of nothing, and of one value, is still a picture", () => {
  for (const values of [[], [0], [5]]) {
    assert.doesNotMatch(histogram({ values, unit: "ms", label: "x" }).markup, /NaN|Infinity/);
  }
});
