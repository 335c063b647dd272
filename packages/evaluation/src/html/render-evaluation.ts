import { confusionMatrix, type Html, html, renderPage } from "@followspot/report";
import { allRecognizers, type EvaluationReport, type RecognizerReport } from "../evaluation-report.ts";
import { readExhibits } from "../exam/exhibit.ts";
import type { PreviousRun } from "../previous-run.ts";
import { dataCard, modelCard } from "./cards-section.ts";
import { changesSection } from "./changes-section.ts";
import { failureAnchor, failureGallery, shownFailures } from "./failure-gallery.ts";
import { figuresSection } from "./figures-section.ts";
import { fiveCriteria } from "./five-criteria.ts";
import { minute } from "./format.ts";
import { withShortNames } from "./short-names.ts";
import { NearestPictures } from "./nearest-picture.ts";
import { conditionsSection, latencySection, reliabilitySection } from "./plots-section.ts";
import { verdictSection } from "./verdict-section.ts";

/**
 * The report as one page that carries everything within.
 * @param before an earlier run, to say what has changed since
 * @throws UserError where the pictures of the data set cannot be read any more
 */
export async function renderEvaluation(whole: EvaluationReport, before?: PreviousRun): Promise<string> {
  const report = withShortNames(whole);
  const { exhibits } = await readExhibits(report.dataset.dir, report.dataset.labels);
  const all = allRecognizers(report);
  const [first, second] = all.map(({ recognizer }) => recognizer.name);
  const names =
    all.length > 2 ? `${all.length} recognizers` : second === undefined ? first : `${first} and ${second}`;
  const each = (section: (one: RecognizerReport, place: number) => Html) =>
    all.map((one, place) => html`${head(one)}${section(one, place)}`);
  const head = ({ recognizer }: RecognizerReport) => all.length > 1 && html`<h3>${recognizer.name}</h3>`;
  const nearest = await NearestPictures.look(exhibits, report.protocol);
  const galleries: Html[] = [];
  for (const [place, one] of all.entries()) {
    galleries.push(html`${head(one)}${await failureGallery(one, { report, exhibits, nearest, place })}`);
  }
  const body = html`<h1>How well ${names} ${all.length > 1 ? "know" : "knows"} the cast</h1>
<p class="muted">${minute(report.startedAt)}, ${report.protocol}, ${report.n} pictures, ${report.dataset.labels.length} subjects</p>
${verdictSection(report)}
<h2>Five criteria</h2>
${fiveCriteria(report)}
${before && html`<h2>What changed</h2>${changesSection(whole, before)}`}
<h2>Who is taken for whom</h2>
${each(matrix)}
<h2>Mistakes, the most confident first</h2>
${galleries}
<h2>All figures</h2>
${figuresSection(report)}
<h2>Conditions</h2>
${each(conditionsSection)}
<h2>What a score is worth</h2>
${each(reliabilitySection)}
<h2>How long a look takes</h2>
${each(latencySection)}
<h2>Data card</h2>
${dataCard(report)}
<h2>Model card</h2>
${each(modelCard)}
<h2>The same again</h2>
${again(report)}`;
  return renderPage({ title: `Followspot: ${names}`, body });
}

function matrix(report: RecognizerReport, place: number): Html {
  const anchorOf = (truth: string, guess: string) => failureAnchor(place, truth, guess);
  const shown = new Set(
    shownFailures(report).map(({ truth, guess }) => anchorOf(truth[0] ?? "unknown", guess)),
  );
  const href = (truth: string, guess: string) => {
    const anchor = anchorOf(truth, guess);
    return shown.has(anchor) ? `#${anchor}` : undefined;
  };
  return html`${confusionMatrix({ ...report.confusion, href })}
<p class="small muted">A name is given from a score of the threshold on; below, the answer is "unknown", even where the most probable name is the right one. Pictures of several subjects are not in here.</p>`;
}

function again({
  command,
  seed,
  threshold,
  machine,
  versions,
  seconds,
  peakMemoryMb,
}: EvaluationReport): Html {
  const stands = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return html`<pre>${command}</pre>
<dl>
<dt>seed</dt><dd>${seed}</dd>
<dt>threshold</dt><dd>${threshold}</dd>
<dt>machine</dt><dd>${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.os}; ${stands.join(", ")}</dd>
<dt>took</dt><dd>${seconds} s, at most ${peakMemoryMb} MB</dd>
</dl>`;
}
