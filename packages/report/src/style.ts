const LIGHT = `
  --ground: #fbfaf7; --panel: #ffffff; --line: #dcd7cc; --text: #211f1b; --muted: #655f55;
  --spot: #9a5b00; --mark: #2f6f9f; --good: #22713a; --bad: #b3261e; --doubt: #8a5a00;
  --heat-right: #2f8f5b; --heat-wrong: #d0523f;`;
const DARK = `
  --ground: #111113; --panel: #19191c; --line: #34343b; --text: #ebe5da; --muted: #a9a297;
  --spot: #f2b34b; --mark: #79b8e6; --good: #8fc88a; --bad: #f0826a; --doubt: #e5b567;
  --heat-right: #3f9b68; --heat-wrong: #c9563f;`;

/** The look of every report. Each state has a word besides its colour; paper gets the light one. */
export const STYLE = `
:root { color-scheme: light dark; ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
body { margin: 0; }
main { max-width: 1080px; margin: 0 auto; padding: 28px 20px 60px; }
h1 { font-size: 1.65rem; line-height: 1.2; margin: 0 0 4px; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 40px 0 10px; padding-bottom: 4px; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 20px 0 6px; overflow-wrap: anywhere; }
p { margin: 0 0 10px; max-width: 78ch; overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: var(--mark); text-underline-offset: 2px; }
code, pre, kbd { font: .88em/1.45 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 18px; margin: 0 0 10px; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
ul { margin: 0 0 10px; padding-left: 20px; }
figure { margin: 0; }
details { margin: 8px 0; }
summary { cursor: pointer; }
.muted { color: var(--muted); }
.small { font-size: .87rem; }
.good { color: var(--good); }
.bad { color: var(--bad); }
.doubt { color: var(--doubt); }
.tag { display: inline-block; border: 1px solid var(--line); border-radius: 99px; padding: 0 8px; font-size: .8rem; color: var(--muted); white-space: nowrap; }
.row { display: flex; flex-wrap: wrap; gap: 20px 28px; align-items: flex-start; }
.row > * { flex: 0 1 auto; min-width: 0; }

.verdict { border: 1px solid var(--line); border-left: 6px solid var(--tone); border-radius: 8px; background: var(--panel); padding: 14px 18px; margin: 16px 0 20px; }
.verdict p { font-size: 1.1rem; margin: 0; }
.verdict .word { font-weight: 700; color: var(--tone); margin-right: 8px; text-transform: uppercase; letter-spacing: .03em; font-size: .95rem; }
.verdict ul { list-style: none; margin: 10px 0 0; padding: 0; }
.verdict li { display: flex; gap: 10px; padding: 2px 0; }
.verdict li > b { flex: 0 0 5.6em; }
.verdict.pass { --tone: var(--good); }
.verdict.fail { --tone: var(--bad); }
.verdict.note { --tone: var(--doubt); }

.wide { overflow-x: auto; margin: 0 0 12px; max-width: 100%; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--muted); font-size: .87rem; padding: 0 0 6px; }
th, td { padding: 4px 12px 4px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
thead th { font-weight: 600; color: var(--muted); font-size: .87rem; vertical-align: bottom; }
tbody th { font-weight: 500; max-width: 18em; }
td { max-width: 26em; }
table:not(.confusion) thead th + th:not(.end) { min-width: 7em; }
thead th { max-width: 16em; overflow-wrap: anywhere; }
.end { text-align: right; }

.confusion { border-collapse: separate; border-spacing: 2px; }
.confusion th, .confusion td { border: 0; padding: 2px 5px; }
.confusion thead th.name { padding: 0 0 6px; vertical-align: bottom; text-align: left; }
.confusion thead th.name > span { display: inline-block; writing-mode: vertical-rl; transform: rotate(180deg); max-height: 18em; overflow: hidden; }
.confusion tbody th { text-align: right; max-width: 16em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.confusion td { min-width: 2.3em; text-align: center; border-radius: 4px; background: color-mix(in srgb, var(--heat, transparent) var(--share, 0%), var(--panel)); }
.confusion td.right { --heat: var(--heat-right); outline: 1px solid var(--line); }
.confusion td.wrong { --heat: var(--heat-wrong); }
.confusion td.none { color: color-mix(in srgb, var(--muted) 50%, transparent); }
.confusion td.sum { background: none; color: var(--muted); }

.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 320px), 1fr)); gap: 14px; }
.card { border: 1px solid var(--line); border-radius: 8px; background: var(--panel); padding: 10px; min-width: 0; break-inside: avoid; }
.card:target { outline: 3px solid var(--spot); }
.card .pictures { display: flex; gap: 8px; align-items: flex-start; margin-bottom: 8px; }
.card .pictures > * { flex: 1 1 0; min-width: 0; max-width: 160px; }
.card figcaption { font-size: .8rem; color: var(--muted); overflow-wrap: anywhere; max-width: 160px; }
.card p { margin: 0 0 4px; font-size: .9rem; overflow-wrap: anywhere; }
.card pre { margin: 6px 0 0; padding: 6px 8px; font-size: .8rem; }
.thumbnail { max-width: 160px; max-height: 160px; }
.card img { max-width: 100%; height: auto; }
.card img, .thumbnail { display: block; border-radius: 4px; background: #808080; }
.nothing { width: 120px; height: 90px; border: 1px dashed var(--line); border-radius: 4px; display: grid; place-items: center; color: var(--muted); font-size: .8rem; text-align: center; }

.plot { display: block; max-width: 100%; height: auto; color: var(--text); }
.plot text { fill: var(--muted); font: 11px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.plot .axis { stroke: var(--line); fill: none; }
.plot .ideal { stroke: var(--muted); stroke-dasharray: 4 4; fill: none; }
.plot .mark { fill: var(--mark); stroke: var(--panel); }
.plot .bar { fill: var(--mark); }
.plot .whisker { stroke: var(--mark); fill: none; opacity: .7; }
.plot .line { stroke: var(--spot); fill: none; }
.plot .line-text { fill: var(--spot); }

@media print {
  :root { color-scheme: light; ${LIGHT} --ground: #ffffff; }
  @page { margin: 14mm 12mm; }
  html { font-size: 12px; }
  main { max-width: none; padding: 0; }
  /* As wide as the paper, however many there are: nobody scrolls it. */
  .confusion { font-size: min(1em, calc(690px / (2.35 * var(--columns) + 14))); border-spacing: .15em; }
  .confusion thead th { font-size: inherit; }
  .confusion th, .confusion td { padding: .15em .3em; }
  .confusion td, .verdict { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .wide { overflow: visible; }
  h2, h3 { break-after: avoid; }
  tr, figure, .verdict, .card { break-inside: avoid; }
  .gallery { grid-template-columns: repeat(2, 1fr); }
  details > *:not(summary) { display: revert; }
}
`;
