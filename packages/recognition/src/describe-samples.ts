import { type Box, type Picture, scaleBox } from "@followspot/dataset";
import { clipBox } from "./boxes.ts";
import { breathe } from "./breathe.ts";
import { type Candidate, findCandidatesIn } from "./candidates.ts";
import { type Eye, ownEye } from "./eye.ts";
import { estimateLight, isDark, relight } from "./light.ts";
import { resample } from "./resample.ts";
import type { TrainingSample } from "./training-sample.ts";

/** Places that are looked at closely in a picture. */
export const PICTURE_CANDIDATES = 6;

/** Somebody whom a person framed. */
export interface FramedSubject {
  /** Cast id, or "unknown". */
  readonly label: string;
  readonly box: Box;
  readonly look: Float32Array;
  /** The same from far away, as it is seen on a stage; undefined where it is small in the picture itself. */
  readonly far: Float32Array | undefined;
}

/**
 * A picture with everything that can be said of it before anybody is learnt. Describing takes most of the time of
 * training; whoever trains again and again on parts of one data set (leave-one-out) describes once.
 */
export interface DescribedSample {
  readonly label: string;
  readonly scene: string;
  /** What would be looked at if nobody had named anything. */
  readonly candidates: readonly Candidate[];
  /** Whom a person framed; empty where nobody did. */
  readonly framed: readonly FramedSubject[];
  /** How likely a photograph of one subject is about each candidate, 0 to 1; empty where a person framed it. */
  readonly prominence: readonly number[];
}

export interface DescribeOptions {
  /** Followspot's own networks where it is not given. */
  readonly eye?: Eye;
  readonly onProgress?: (share: number) => void;
  readonly signal?: AbortSignal;
}

export async function describeSamples(
  samples: readonly TrainingSample[],
  { eye = ownEye, onProgress = () => {}, signal }: DescribeOptions = {},
): Promise<DescribedSample[]> {
  const described: DescribedSample[] = [];
  for (const sample of samples) {
    described.push(await describe(eye, sample));
    onProgress(described.length / samples.length);
    await breathe(signal);
  }
  return described;
}

async function describe(
  eye: Eye,
  { picture, label, scene, objects }: TrainingSample,
): Promise<DescribedSample> {
  // In a framed picture the subject is learnt from its box, the candidates are but asked about.
  const both = objects === undefined;
  const gains = estimateLight(picture);
  const lit = relight(picture, gains);
  const candidates = isDark(gains)
    ? []
    : await findCandidatesIn(eye, lit, { limit: PICTURE_CANDIDATES, both });
  if (objects) {
    const framed: FramedSubject[] = [];
    for (const object of objects) {
      const box = clipBox(object.box, picture.width, picture.height);
      const look = await eye.look(lit, box, { both: true });
      framed.push({ label: object.label, box, look, far: await lookFromFar(eye, lit, box) });
    }
    return { label, scene, candidates, framed, prominence: [] };
  }
  if (candidates.length === 0) {
    const box = { left: 0, top: 0, width: picture.width, height: picture.height };
    candidates.push({ box, figure: 0, look: await eye.look(lit, box, { both: true }) });
  }
  const prominence = candidates.map((candidate) => prominenceOf(candidate, picture));
  return { label, scene, candidates, framed: [], prominence };
}

/** Longer side in pixels of somebody who stands far away. */
const FAR_SIDE = 36;

async function lookFromFar(eye: Eye, lit: Picture, box: Box): Promise<Float32Array | undefined> {
  const factor = FAR_SIDE / Math.max(box.width, box.height);
  if (factor > 0.7) return undefined;
  const whole = { left: 0, top: 0, width: lit.width, height: lit.height };
  const size = { width: Math.ceil(lit.width * factor), height: Math.ceil(lit.height * factor) };
  return await eye.look(resample(lit, whole, size), scaleBox(box, factor));
}

/** How far from the middle a photograph's subject may well be, in sides of the picture. */
const SPREAD = 0.3;
/** Share of the picture's area that a subject fills at least as a rule. */
const USUAL_AREA = 0.1;

/** A photograph's subject stands out, is not small, and not far from the middle. */
function prominenceOf({ box, figure }: Candidate, { width, height }: Picture): number {
  const x = (box.left + box.width / 2) / width - 0.5;
  const y = (box.top + box.height / 2) / height - 0.5;
  const area = (box.width * box.height) / (width * height);
  return figure * Math.min(1, area / USUAL_AREA) ** 0.5 * Math.exp(-(x * x + y * y) / (2 * SPREAD ** 2));
}
