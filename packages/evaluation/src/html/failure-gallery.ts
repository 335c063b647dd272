import type { Box } from "@followspot/dataset";
import { type Html, html, thumbnail } from "@followspot/report";
import type { EvaluationReport, PictureReport, RecognizerReport } from "../evaluation-report.ts";
import type { Exhibit } from "../exam/exhibit.ts";
import { lightOf, SMALL_SUBJECT_PX, softLimit } from "../figures/conditions.ts";
import { boxOf, type Lookalike, type NearestPictures } from "./nearest-picture.ts";

/** Enough to see what goes wrong; the JSON has all of them. */
const SHOWN = 36;
const ALIKE = 0.9;
const FEW_PICTURES = 5;

/** Where the gallery of a recognizer shows a picture of this truth taken for this guess. */
export function failureAnchor(place: number, truth: string, guess: string): string {
  return `mistake-${place + 1}-${truth}-${guess}`;
}

/** Most confident mistakes first. */
export function failuresOf({ pictures }: Pick<RecognizerReport, "pictures">): PictureReport[] {
  return pictures.filter(({ right }) => !right).sort((a, b) => b.score - a.score);
}

/** Those that the gallery has a place for. */
export function shownFailures(report: Pick<RecognizerReport, "pictures">): PictureReport[] {
  return failuresOf(report).slice(0, SHOWN);
}

export interface GalleryParts {
  readonly report: EvaluationReport;
  readonly exhibits: readonly Exhibit[];
  readonly nearest: NearestPictures;
  /** Which of the recognizers it is, from 0. */
  readonly place: number;
}

/** The mistakes as pictures, each beside the most alike of those that were learnt from. */
export async function failureGallery(
  one: RecognizerReport,
  { report, exhibits, nearest, place }: GalleryParts,
): Promise<Html> {
  const failures = failuresOf(one);
  if (failures.length === 0) return html`<p>No picture was answered wrongly.</p>`;
  const byName = new Map(exhibits.map((exhibit) => [exhibit.fileName, exhibit]));
  const soft = softLimit(one.pictures.map(({ circumstances }) => circumstances));
  const anchored = new Set<string>();
  const cards: Html[] = [];
  for (const failure of shownFailures(one)) {
    const exhibit = byName.get(failure.file);
    if (!exhibit) continue;
    const anchor = failureAnchor(place, failure.truth[0] ?? "unknown", failure.guess);
    const id = anchored.has(anchor) ? undefined : anchor;
    anchored.add(anchor);
    cards.push(await card(failure, { report, exhibit, nearest, id, soft }));
  }
  const more = failures.length - cards.length;
  return html`<div class="gallery">${cards}</div>${more > 0 && html`<p class="muted">${more} more are in the JSON.</p>`}`;
}

interface CardParts {
  readonly report: EvaluationReport;
  readonly exhibit: Exhibit;
  readonly nearest: NearestPictures;
  readonly id: string | undefined;
  readonly soft: number;
}

async function card(
  failure: PictureReport,
  { report, exhibit, nearest, id, soft }: CardParts,
): Promise<Html> {
  const sample = await exhibit.load();
  const seen = failure.box ? toBox(failure.box) : boxOf(sample);
  const alike = await nearest.nearest(exhibit, sample.picture, seen);
  const picture = await thumbnail(sample.picture, { box: seen });
  const other = alike && (await thumbnail(alike.sample.picture, { box: boxOf(alike.sample) }));
  const truth = failure.truth.join(", ") || "nobody of the cast";
  return html`<figure class="card"${id !== undefined && html` id="${id}"`}>
<div class="pictures">
<figure><img src="${picture}" alt="${truth}"><figcaption>${breakable(failure.file)}</figcaption></figure>
${
  alike && other !== undefined
    ? html`<figure><img src="${other}" alt="${alike.exhibit.present.join(", ")}"><figcaption>most alike: ${alike.exhibit.present.join(", ")}, ${alike.likeness.toFixed(2)}<br>${breakable(alike.exhibit.fileName)}</figcaption></figure>`
    : html`<div class="nothing">nothing to compare it with</div>`
}
</div>
<p>It is <b>${truth}</b>, answered <b class="bad">${answerText(failure)}</b></p>
<p>${tagsOf(failure, { alike, report, soft }).map((tag) => html`<span class="tag">${tag}</span> `)}</p>
<p class="muted">If it is labelled wrongly, correct <code>${failure.place}</code></p>
</figure>
`;
}

/** A path may be broken where a reader would break it. */
function breakable(path: string): Html {
  const parts = path.split(/(?<=[/_-])/);
  return html`${parts.map((part, at) => html`${at > 0 && html`<wbr>`}${part}`)}`;
}

function answerText({ guess, top, score }: PictureReport): string {
  if (top === null) return guess;
  return guess === top ? `${top} (${score.toFixed(2)})` : `${guess} (nearest: ${top}, ${score.toFixed(2)})`;
}

/** What may have made it hard. */
function tagsOf(
  { circumstances, truth, top }: PictureReport,
  { alike, report, soft }: { alike: Lookalike | undefined; report: EvaluationReport; soft: number },
): string[] {
  const light = lightOf(circumstances);
  const fewest = Math.min(...truth.map((label) => report.dataset.picturesByLabel[label] ?? 0));
  const tags = [
    circumstances.subjectPixels !== undefined &&
      circumstances.subjectPixels < SMALL_SUBJECT_PX &&
      `subject under ${SMALL_SUBJECT_PX} px`,
    light !== "middling" && light,
    circumstances.sharpness < soft && "soft",
    circumstances.subjects > 1 && `${circumstances.subjects} subjects`,
    fewest < FEW_PICTURES && `only ${fewest} pictures of it`,
    alike && alike.likeness >= ALIKE && top !== null && alike.exhibit.present.includes(top) && "look-alike",
    `scene ${circumstances.scene}`,
  ];
  return tags.filter((tag) => tag !== false && tag !== undefined);
}

function toBox([left, top, width, height]: readonly [number, number, number, number]): Box {
  return { left, top, width, height };
}
