import type { Box, Picture } from "@followspot/dataset";
import { probability } from "./calibration.ts";
import { lookFor, rawOf } from "./look.ts";
import type { UnderstudyModel } from "./model.ts";

export interface RecognizedLabel {
  readonly label: string;
  /** Calibrated probability that it is in the picture, 0 to 1. */
  readonly score: number;
  /** The evidence before calibration, 0 or more; comparable within one model only. */
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

/**
 * Looks for everybody of the cast in a picture; the longest side should be at most LOOK_SIDE pixels.
 * @param wanted the closed set to score; labels that the model has not learnt are left out.
 */
export function recognizePixels(
  model: UnderstudyModel,
  picture: Picture,
  wanted?: readonly string[],
): Recognition {
  const sightings = lookFor(model, picture);
  const labels: RecognizedLabel[] = [];
  for (const [index, label] of model.labels.entries()) {
    const sighting = sightings[index];
    const calibration = model.calibration[index];
    if (!sighting || !calibration || (wanted && !wanted.includes(label))) continue;
    const raw = rawOf(sighting, model.sizePower);
    const score = probability(calibration, raw);
    labels.push({ label, score, raw, box: score >= BOX_SCORE ? sighting.box : undefined });
  }
  labels.sort((a, b) => b.score - a.score || (a.label < b.label ? -1 : 1));
  const stranger = sightings[model.labels.length];
  const calibration = model.calibration[model.labels.length];
  return {
    labels,
    unknown: stranger && calibration ? probability(calibration, rawOf(stranger, model.sizePower)) : 0,
  };
}
