import type { Box, Picture } from "@followspot/dataset";
import { overlapArea } from "./boxes.ts";
import { DEFAULT_CALIBRATION, leadsOf, probability } from "./calibration.ts";
import { type Candidate, findCandidates } from "./candidates.ts";
import { type DescribedSample, PICTURE_CANDIDATES } from "./describe-samples.ts";
import type { Recognizer } from "./eye.ts";
import { estimateLight, isDark, relight } from "./light.ts";
import type { UnderstudyModel } from "./model.ts";
import { scoreCandidates, sightLabels } from "./score-candidates.ts";
import { NOBODY } from "./score-look.ts";

export interface RecognizedLabel {
  readonly label: string;
  /** Calibrated probability that it is in the picture, 0 to 1. */
  readonly score: number;
  /** Likeness before calibration, about -1 to 1.2; comparable within one model only. */
  readonly raw: number;
  /** Pixels of the picture that was given; undefined where the label is not believed to be in it. */
  readonly box: Box | undefined;
}

export interface Recognition {
  /** One entry for each label that was asked for and learnt, most probable first. */
  readonly labels: readonly RecognizedLabel[];
  /** Probability that somebody is in the picture who is nobody of the cast, 0 to 1. */
  readonly unknown: number;
}

/** From which score on a label gets a box. */
const BOX_SCORE = 0.3;
/** From which score on a label counts as seen, so that what lies in its box is no stranger. */
const NAMED_SCORE = 0.5;
/** What lies in a box by more than this share is a part of it. */
const PART = 0.5;

/**
 * Looks for everybody of the cast in a picture; the longest side should be at most LOOK_SIDE pixels.
 * @param wanted the closed set to score; labels that the model has not learnt are left out.
 */
export async function recognizePixels(
  { model, eye }: Recognizer,
  picture: Picture,
  wanted?: readonly string[],
): Promise<Recognition> {
  const candidates = await findCandidates(eye, picture, { limit: PICTURE_CANDIDATES, both: false });
  return answerFor(model, candidates, wanted);
}

/** Who is in one box of a picture, without a look at the rest of it. */
export async function recognizeCrop(
  { model, eye }: Recognizer,
  picture: Picture,
  box: Box,
): Promise<Recognition> {
  const gains = estimateLight(picture);
  if (isDark(gains)) return answerFor(model, [], undefined);
  const look = await eye.look(relight(picture, gains), box);
  return answerFor(model, [{ box, figure: 1, look }], undefined);
}

/** As recognizePixels, of a picture that has been described: steadier, as each place was also looked at mirrored. */
export function recognizeDescribed(
  model: UnderstudyModel,
  { candidates }: DescribedSample,
  wanted?: readonly string[],
): Recognition {
  return answerFor(model, candidates, wanted);
}

function answerFor(
  model: UnderstudyModel,
  candidates: readonly Candidate[],
  wanted: readonly string[] | undefined,
): Recognition {
  const scores = scoreCandidates(model, candidates);
  const sightings = sightLabels(model.labels.length, scores);
  const leads = leadsOf(sightings.map(({ raw }) => raw));
  const all = model.labels.map((label, index): RecognizedLabel => {
    const { raw, candidate } = sightings[index] ?? { raw: NOBODY, candidate: -1 };
    const evidence = { raw, lead: leads[index] ?? 0 };
    const known = candidate >= 0 && raw > NOBODY;
    const score = known ? probability(model.calibration[index] ?? DEFAULT_CALIBRATION, evidence) : 0;
    return { label, score, raw, box: score >= BOX_SCORE ? candidates[candidate]?.box : undefined };
  });
  const labels = wanted ? all.filter(({ label }) => wanted.includes(label)) : all;
  labels.sort((a, b) => b.score - a.score || b.raw - a.raw || (a.label < b.label ? -1 : 1));
  return { labels, unknown: strangerIn(model, candidates, { scores, named: all }) };
}

/** Whoever stands out, is like nobody, and is no part of somebody who was named. */
function strangerIn(
  { calibration }: UnderstudyModel,
  candidates: readonly Candidate[],
  { scores, named }: { scores: readonly Float32Array[]; named: readonly RecognizedLabel[] },
): number {
  const taken = named.flatMap(({ score, box }) => (box && score >= NAMED_SCORE ? [box] : []));
  let unknown = 0;
  for (const [at, { box, figure }] of candidates.entries()) {
    if (taken.some((other) => overlapArea(other, box) > PART * box.width * box.height)) continue;
    let known = 0;
    const raws = [...(scores[at] as Float32Array)];
    const leads = leadsOf(raws);
    for (const [label, raw] of raws.entries()) {
      const evidence = { raw, lead: leads[label] as number };
      known = Math.max(known, probability(calibration[label] ?? DEFAULT_CALIBRATION, evidence));
    }
    unknown = Math.max(unknown, figure * (1 - known));
  }
  return unknown;
}
