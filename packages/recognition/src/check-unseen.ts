import { DEFAULT_CALIBRATION, fitCalibration, probability, type ScoredTruth } from "./calibration.ts";
import { breathe } from "./breathe.ts";
import { bootstrapByScene } from "./interval.ts";
import { lookFor } from "./look.ts";
import type { Accuracy, Calibration, Eye } from "./model.ts";
import { layMosaic } from "./mosaic.ts";
import type { Random } from "./random.ts";
import type { Framed } from "./training-sample.ts";

export interface CheckOptions {
  readonly unseenBy: ReadonlyMap<string, readonly number[]>;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (share: number) => void;
}

export interface Checked {
  readonly calibration: readonly Calibration[];
  /** Undefined where all pictures are of one scene. */
  readonly accuracy: Accuracy | undefined;
}

/** Pictures a side of the mosaics that stand for a stage with several small subjects, and how many a picture. */
const MOSAICS = [
  { aSide: 2, share: 0.5 },
  { aSide: 3, share: 0.35 },
] as const;
/** A label with fewer pictures shares the fit of all. */
const LEAST_OWN_PICTURES = 8;
/** Fewer trees than this know too little to be asked. */
const LEAST_TREES = 2;

interface Look {
  readonly scene: string;
  /** Raw scores, one a class. */
  readonly raw: readonly number[];
  readonly present: ReadonlySet<number>;
  readonly mosaic: boolean;
}

/** Shows each scene to the trees that have never seen it, picture by picture and in mosaics. */
export async function checkUnseen(
  eye: Eye,
  pictures: readonly Framed[],
  options: CheckOptions,
): Promise<Checked> {
  const { unseenBy, random, signal, onProgress } = options;
  const scenes = Map.groupBy(pictures, ({ scene }) => scene);
  const looks: Look[] = [];
  let done = 0;
  for (const [scene, here] of scenes) {
    const use = unseenBy.get(scene) ?? [];
    if (use.length < LEAST_TREES) continue;
    const look = (framed: readonly Framed[], aSide: number) => {
      const raw = lookFor(eye, layMosaicOf(framed, aSide), use).map((sighting) => sighting.raw);
      const present = new Set(framed.flatMap(({ subjects }) => subjects.map(({ label }) => label)));
      looks.push({ scene, raw, present, mosaic: aSide > 1 });
    };
    for (const one of here) {
      look([one], 1);
      await breathe(signal);
      onProgress(++done / pictures.length);
    }
    for (const { aSide, share } of MOSAICS) {
      if (here.length < aSide * aSide) continue;
      for (let turn = 0; turn < Math.round(here.length * share); turn++) {
        const order = [...here];
        random.shuffle(order);
        // Some places stay empty: mosaics of few subjects are stages, too.
        look(order.slice(0, aSide * aSide), aSide);
        await breathe(signal);
      }
    }
  }
  const calibration = calibrate(eye, looks);
  return {
    calibration,
    accuracy: accuracyOf(
      looks.filter(({ mosaic }) => !mosaic),
      calibration,
      random,
    ),
  };
}

function layMosaicOf(framed: readonly Framed[], aSide: number) {
  const pictures = framed.map(({ picture }) => picture);
  return aSide === 1 ? (pictures[0] as Framed["picture"]) : layMosaic(pictures, aSide);
}

function calibrate({ labels, gauges }: Eye, looks: readonly Look[]): Calibration[] {
  const of = (index: number): ScoredTruth[] =>
    looks.map(({ raw, present }) => ({ raw: raw[index] ?? 0, present: present.has(index) }));
  const all = labels.flatMap((_, index) => of(index));
  const shared = all.length > 0 ? fitCalibration(all) : DEFAULT_CALIBRATION;
  return gauges.map((_, index) => {
    const own = of(index);
    const enough = own.filter(({ present }) => present).length >= LEAST_OWN_PICTURES;
    if (enough) return fitCalibration(own, shared);
    // A stranger nobody has shown is hard to tell from the cast: rather not claim one.
    return index < labels.length ? shared : NO_STRANGERS;
  });
}

const NO_STRANGERS: Calibration = { slope: 0.2, offset: -4 };

function accuracyOf(
  looks: readonly Look[],
  calibration: readonly Calibration[],
  random: Random,
): Accuracy | undefined {
  const strangers = calibration.length - 1;
  const scenes = new Map<string, { right: number; all: number }>();
  for (const { scene, raw, present } of looks) {
    const known = [...present].filter((index) => index < strangers);
    const ranked = raw
      .slice(0, strangers)
      .map((value, index) => ({
        index,
        score: probability(calibration[index] ?? DEFAULT_CALIBRATION, value),
      }))
      .sort((a, b) => b.score - a.score)
      .slice(0, known.length);
    const count = scenes.get(scene) ?? { right: 0, all: 0 };
    count.all += known.length;
    count.right += ranked.filter(({ index }) => present.has(index)).length;
    scenes.set(scene, count);
  }
  const counts = [...scenes.values()];
  const right = counts.reduce((sum, count) => sum + count.right, 0);
  const subjects = counts.reduce((sum, count) => sum + count.all, 0);
  if (subjects === 0 || counts.length < 2) return undefined;
  return { top1: right / subjects, ...bootstrapByScene(counts, random), subjects, scenes: counts.length };
}
