export { type ConfusionParts, confusionMatrix } from "./confusion-matrix.ts";
export { dataTable, type TableParts } from "./data-table.ts";
export { type HistogramParts, histogram } from "./histogram.ts";
export { Html, type HtmlValue, html, raw } from "./html.ts";
export { type PageParts, renderPage } from "./page.ts";
export { type ReliabilityBin, type ReliabilityParts, reliabilityPlot } from "./reliability-plot.ts";
export { type PictureBox, type RawPicture, thumbnail, type ThumbnailOptions } from "./thumbnail.ts";
export { type GoalLine, verdict, type VerdictParts } from "./verdict.ts";
