import { SeededRandom, UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { breathe } from "./breathe.ts";
import {
  DEFAULT_CALIBRATION,
  fitCalibration,
  leadsOf,
  OWN_PENALTY,
  type ScoredTruth,
} from "./calibration.ts";
import { chooseSubjects } from "./choose-subjects.ts";
import type { DescribedSample } from "./describe-samples.ts";
import { type Eye, ownEye } from "./eye.ts";
import { bootstrapByScene } from "./interval.ts";
import { LookBook } from "./look-book.ts";
import type { Accuracy, Acquaintances, Calibration, UnderstudyModel } from "./model.ts";
import type { PracticeStage } from "./practice-stage.ts";
import { scoreCandidates, sightLabels } from "./score-candidates.ts";

export interface FitOptions {
  /** The same seed and the same samples give the same bytes. */
  readonly seed: number;
  /** What the samples were described with: Followspot's own networks where it is not given. */
  readonly eye?: Eye;
  /** Made-up stages to be asked about as well. */
  readonly practice?: readonly PracticeStage[];
  readonly signal?: AbortSignal;
}

const LEAST_PICTURES = 2;
/** A label with fewer pictures shares the fit of all. */
const LEAST_OWN_PICTURES = 8;
/** Scenes are left out in at most so many groups. */
const MOST_FOLDS = 12;

/**
 * Learns whoever is in the samples: in well under a second. How sure the understudy may be, and how often it is right,
 * it learns by asking itself about each picture without what it knows from that picture's scene.
 * @throws UserError where there is nobody to learn.
 */
export async function fitUnderstudy(
  described: readonly DescribedSample[],
  { seed, eye = ownEye, practice = [], signal }: FitOptions,
): Promise<UnderstudyModel> {
  signal?.throwIfAborted();
  const chosen = chooseSubjects(described);
  const book = new LookBook(chosen);
  if (book.labels.length === 0 || described.length < LEAST_PICTURES) {
    throw new UserError(
      "the data set has too few pictures to learn from: give at least two, with a name of the cast",
    );
  }
  const presentIn = new Map(described.map((sample) => [sample, new Set<number>()]));
  for (const { sample, label } of chosen.subjects) {
    if (label !== UNKNOWN_LABEL) presentIn.get(sample)?.add(book.labels.indexOf(label));
  }
  const asked: Asked[] = [];
  for (const fold of foldsOf(described)) {
    const known = book.without(fold);
    const scenes = new Set(fold.map(({ scene }) => scene));
    for (const sample of fold) asked.push(ask(sample, known, presentIn.get(sample) ?? new Set()));
    for (const stage of practice) if (scenes.has(stage.scene)) asked.push(askOnStage(stage, known));
    await breathe(signal);
  }
  return {
    ...book.all(),
    seed,
    backbone: eye.version,
    calibration: calibrate(book.labels.length, asked),
    pictures: described.length,
    accuracy: accuracyOf(asked, new SeededRandom(seed)),
  };
}

/** Whole scenes together, the largest first, each to the fold that has least. */
function foldsOf(described: readonly DescribedSample[]): (readonly DescribedSample[])[] {
  const scenes = [...Map.groupBy(described, ({ scene }) => scene).values()];
  scenes.sort((a, b) => b.length - a.length);
  const folds = Array.from({ length: Math.min(MOST_FOLDS, scenes.length) }, (): DescribedSample[] => []);
  for (const scene of scenes) {
    const least = folds.reduce((one, other) => (other.length < one.length ? other : one));
    least.push(...scene);
  }
  return folds;
}

/** What the understudy says of a picture from whose scene it knows nobody. */
interface Asked {
  readonly scene: string;
  /** One a label. */
  readonly raws: readonly number[];
  readonly leads: readonly number[];
  readonly present: ReadonlySet<number>;
  /** Whether all who are present are known from other pictures. */
  readonly fair: boolean;
  /** Whether it was a made-up stage: it says nothing about how often photographs are named right. */
  readonly practice?: boolean;
}

function ask(
  sample: Pick<DescribedSample, "scene" | "candidates">,
  known: Acquaintances,
  present: ReadonlySet<number>,
): Asked {
  const scores = scoreCandidates(known, sample.candidates);
  const raws = sightLabels(known.labels.length, scores).map(({ raw }) => raw);
  const fair = [...present].every((label) => (known.known[label]?.prototype.length ?? 0) > 0);
  return { scene: sample.scene, raws, leads: leadsOf(raws), present, fair };
}

/** The same of a stage that was made up: only for how sure one may be where many stand together. */
function askOnStage({ scene, candidates, present }: PracticeStage, known: Acquaintances): Asked {
  const places = new Set([...present].map((label) => known.labels.indexOf(label)).filter((at) => at >= 0));
  return { ...ask({ scene, candidates }, known, places), practice: true };
}

/** Photographs and made-up stages count the same, however many there are of each. */
function calibrate(labels: number, asked: readonly Asked[]): Calibration[] {
  const fair = asked.filter((one) => one.fair);
  const stages = fair.filter(({ practice }) => practice).length;
  const stageWeight = stages > 0 ? Math.max(1, fair.length / stages - 1) : 1;
  const own = Array.from({ length: labels }, (_, label): readonly ScoredTruth[] =>
    fair.map(({ raws, leads, present, practice }) => ({
      raw: raws[label] as number,
      lead: leads[label] as number,
      present: present.has(label),
      weight: practice ? stageWeight : 1,
    })),
  );
  const shared = fitCalibration(own.flat(), DEFAULT_CALIBRATION);
  return own.map((list) =>
    list.filter(({ present }) => present).length >= LEAST_OWN_PICTURES
      ? fitCalibration(list, shared, OWN_PENALTY)
      : shared,
  );
}

function accuracyOf(asked: readonly Asked[], random: SeededRandom): Accuracy | undefined {
  const scenes = new Map<string, { right: number; all: number }>();
  for (const { scene, raws, present, fair, practice } of asked) {
    if (!fair || practice || present.size === 0) continue;
    const best = [...raws.keys()]
      .sort((a, b) => (raws[b] as number) - (raws[a] as number))
      .slice(0, present.size);
    const count = scenes.get(scene) ?? { right: 0, all: 0 };
    count.all += present.size;
    count.right += best.filter((label) => present.has(label)).length;
    scenes.set(scene, count);
  }
  const counts = [...scenes.values()];
  const right = counts.reduce((sum, count) => sum + count.right, 0);
  const subjects = counts.reduce((sum, count) => sum + count.all, 0);
  if (subjects === 0 || counts.length < 2) return undefined;
  return { top1: right / subjects, ...bootstrapByScene(counts, random), subjects, scenes: counts.length };
}
