import type { SeededRandom } from "@followspot/domain";
import type { Picture } from "@followspot/dataset";
import { DEFAULT_CALIBRATION, fitCalibration, probability, type ScoredTruth } from "./calibration.ts";
import { breathe } from "./breathe.ts";
import { bootstrapByScene } from "./interval.ts";
import type { ScenePalette } from "./learn-palettes.ts";
import { lookFor, rawOf, type Sighting } from "./look.ts";
import type { Accuracy, Calibration, Eye } from "./model.ts";
import { setPracticeStage } from "./practice-stage.ts";
import type { Framed } from "./training-sample.ts";

export interface CheckOptions {
  readonly unseenBy: ReadonlyMap<string, readonly number[]>;
  /** With their scenes, so that a scene's own palettes can be left out. */
  readonly known: readonly (readonly ScenePalette[])[];
  readonly random: SeededRandom;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (share: number) => void;
}

export interface Checked {
  readonly sizePower: number;
  readonly calibration: readonly Calibration[];
  /** Undefined where all pictures are of one scene. */
  readonly accuracy: Accuracy | undefined;
}

/** How many practice stages are set for each picture. */
const STAGES_A_PICTURE = 1;
/** A label with fewer pictures shares the fit of all. */
const LEAST_OWN_PICTURES = 8;
/** Fewer trees than this know too little to be asked. */
const LEAST_TREES = 2;

interface Look {
  readonly scene: string;
  /** One a class. */
  readonly sightings: readonly Sighting[];
  readonly present: ReadonlySet<number>;
  readonly photograph: boolean;
}

/** Shows each scene to the trees that have never seen it, picture by picture and on practice stages. */
export async function checkUnseen(
  eye: Eye,
  pictures: readonly Framed[],
  options: CheckOptions,
): Promise<Checked> {
  const { unseenBy, known, random, signal, onProgress } = options;
  const scenes = Map.groupBy(pictures, ({ scene }) => scene);
  const looks: Look[] = [];
  let done = 0;
  for (const [scene, here] of scenes) {
    const use = unseenBy.get(scene) ?? [];
    if (use.length < LEAST_TREES) continue;
    const palettes = known.map((list) =>
      list.filter((one) => one.scene !== scene).map(({ palette }) => palette),
    );
    const look = (picture: Picture) => lookFor({ ...eye, palettes }, picture, use);
    for (const { picture, subjects } of here) {
      const present = new Set(subjects.map(({ label }) => label));
      looks.push({ scene, sightings: look(picture), present, photograph: true });
      onProgress(++done / pictures.length);
      await breathe(signal);
    }
    // Only who is framed can be put on a stage, and only where several were photographed in one place.
    const framed = here.filter(({ sure }) => sure);
    for (let turn = 0; turn < framed.length * STAGES_A_PICTURE && framed.length > 1; turn++) {
      const { picture, present } = setPracticeStage(framed[turn % framed.length] as Framed, framed, random);
      looks.push({ scene, sightings: look(picture), present, photograph: false });
      await breathe(signal);
    }
  }
  const sizePower = fitSizePower(eye, looks);
  const calibration = calibrate(eye, looks, sizePower);
  const photographs = looks.filter(({ photograph }) => photograph);
  return { sizePower, calibration, accuracy: accuracyOf(photographs, { sizePower, calibration, random }) };
}

const SIZE_POWERS = [0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35];
const DEFAULT_SIZE_POWER = 0.15;

/** The power with which one fit tells presence from absence best, at all sizes. */
function fitSizePower({ labels }: Eye, looks: readonly Look[]): number {
  let best = { power: DEFAULT_SIZE_POWER, loss: Infinity };
  for (const power of looks.length > 0 ? SIZE_POWERS : []) {
    let loss = 0;
    for (const index of labels.keys()) {
      const scored = truths(looks, index, power);
      const fit = fitCalibration(scored);
      for (const { raw, present } of scored) {
        const share = probability(fit, raw);
        loss -= Math.log(Math.max(1e-6, present ? share : 1 - share));
      }
    }
    if (loss < best.loss) best = { power, loss };
  }
  return best.power;
}

function truths(looks: readonly Look[], index: number, sizePower: number): ScoredTruth[] {
  return looks.map(({ sightings, present }) => ({
    raw: rawOf(sightings[index] ?? NO_SIGN, sizePower),
    present: present.has(index),
  }));
}

const NO_SIGN = { evidence: 0, cells: 1 };

function calibrate({ labels, gauges }: Eye, looks: readonly Look[], sizePower: number): Calibration[] {
  const of = (index: number) => truths(looks, index, sizePower);
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
  {
    sizePower,
    calibration,
    random,
  }: {
    readonly sizePower: number;
    readonly calibration: readonly Calibration[];
    readonly random: SeededRandom;
  },
): Accuracy | undefined {
  const strangers = calibration.length - 1;
  const scenes = new Map<string, { right: number; all: number }>();
  for (const { scene, sightings, present } of looks) {
    const known = [...present].filter((index) => index < strangers);
    const ranked = sightings
      .slice(0, strangers)
      .map((sighting, index) => ({
        index,
        score: probability(calibration[index] ?? DEFAULT_CALIBRATION, rawOf(sighting, sizePower)),
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
