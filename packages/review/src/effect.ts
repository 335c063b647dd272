import { UNKNOWN_LABEL } from "@followspot/domain";
import {
  chanceOfLosing,
  compareOnGolden,
  type DescribedSample,
  describeSamples,
  fitUnderstudy,
  type GoldenComparison,
  isRight,
  readGolden,
  readSamples,
  recognizeDescribed,
  type TrainingSample,
} from "@followspot/recognition";

/** A picture to learn from or to judge by, with what is in it. */
interface Known {
  readonly sample: TrainingSample;
  readonly described: DescribedSample;
}

export interface RecallChange {
  readonly label: string;
  /** Pictures with it in them, and how many of those were right without and with the new pictures. */
  readonly pictures: number;
  readonly before: number;
  readonly after: number;
}

/** What the new pictures would change, measured where neither understudy has been. */
export interface Effect {
  readonly added: number;
  readonly unseen: {
    readonly pictures: number;
    readonly scenes: number;
    /** Pictures right, of `pictures`. */
    readonly before: number;
    readonly after: number;
    readonly won: number;
    readonly lost: number;
    /** Probability of a change as one-sided as this one, if it were chance: two-sided exact McNemar, 0 to 1. */
    readonly chance: number;
    /** Labels whose recall changes, most changed first. */
    readonly labels: readonly RecallChange[];
  };
  /** Undefined where the data set has no golden pictures. */
  readonly golden: GoldenComparison | undefined;
}

export interface EffectOptions {
  readonly datasetDir: string;
  readonly seed: number;
  readonly onProgress?: (share: number, doing: string) => void;
  readonly signal?: AbortSignal;
}

/** The preview trains as followspot train does. */
export const DEFAULT_EFFECT_SEED = 1;

/** Scenes are left out in at most so many turns. */
const MOST_FOLDS = 8;
const READING_SHARE = 0.3;

/** The data set, described once: every preview of a review reuses it. */
export class EffectPreview {
  readonly #options: EffectOptions;
  readonly #known: readonly Known[];
  readonly #golden: readonly Known[];

  private constructor(options: EffectOptions, known: readonly Known[], golden: readonly Known[]) {
    this.#options = options;
    this.#known = known;
    this.#golden = golden;
  }

  static async open(options: EffectOptions): Promise<EffectPreview> {
    const report = (share: number) => options.onProgress?.(share * READING_SHARE, "reading the data set");
    const known = await readSamples(options.datasetDir, (share) => report(share / 2));
    const golden = await readGolden(options.datasetDir);
    const { signal } = options;
    return new EffectPreview(
      options,
      await describeAll(known, { signal, onProgress: (share) => report(0.5 + share / 2) }),
      await describeAll(golden, { signal }),
    );
  }

  /** Trains without and with the new samples, leaving scenes out in turn, and compares. */
  async measure(added: readonly TrainingSample[], onProgress = this.#options.onProgress): Promise<Effect> {
    const { seed, signal } = this.#options;
    const fresh = await describeAll(added, { signal });
    const folds = foldsOf(this.#known.map(({ sample }) => sample.scene));
    const before = new Map<Known, boolean>();
    const after = new Map<Known, boolean>();
    let turn = 0;
    const turns = folds.length + (this.#golden.length > 0 ? 1 : 0);
    const done = () => onProgress?.(READING_SHARE + (1 - READING_SHARE) * (++turn / turns), "comparing");
    for (const fold of folds) {
      const seen = this.#known.filter(({ sample }) => !fold.has(sample.scene));
      const unseen = this.#known.filter(({ sample }) => fold.has(sample.scene));
      if (subjects(seen) > 0) {
        await judge(seen, unseen, before, { seed, signal });
        await judge([...seen, ...fresh], unseen, after, { seed, signal });
      }
      done();
    }
    return {
      added: added.length,
      unseen: this.#compare(before, after),
      golden: await this.#onGolden(fresh, done),
    };
  }

  async #onGolden(fresh: readonly Known[], done: () => void): Promise<GoldenComparison | undefined> {
    if (this.#golden.length === 0) return undefined;
    const { seed, signal } = this.#options;
    const [before, after] = [new Map<Known, boolean>(), new Map<Known, boolean>()];
    await judge(this.#known, this.#golden, before, { seed, signal });
    await judge([...this.#known, ...fresh], this.#golden, after, { seed, signal });
    done();
    const list = (answers: ReadonlyMap<Known, boolean>) =>
      this.#golden.map((one) => answers.get(one) ?? false);
    return compareOnGolden(list(before), list(after));
  }

  #compare(before: ReadonlyMap<Known, boolean>, after: ReadonlyMap<Known, boolean>): Effect["unseen"] {
    const judged = this.#known.filter((one) => before.has(one) && after.has(one));
    const count = (answers: ReadonlyMap<Known, boolean>, of = judged) =>
      of.filter((one) => answers.get(one)).length;
    const won = judged.filter((one) => !before.get(one) && after.get(one)).length;
    const lost = judged.filter((one) => before.get(one) && !after.get(one)).length;
    const labels = [...new Set(judged.map(({ sample }) => sample.label))].map((label) => {
      const of = judged.filter(({ sample }) => sample.label === label);
      return { label, pictures: of.length, before: count(before, of), after: count(after, of) };
    });
    return {
      pictures: judged.length,
      scenes: new Set(judged.map(({ sample }) => sample.scene)).size,
      before: count(before),
      after: count(after),
      won,
      lost,
      chance: Math.min(1, 2 * Math.min(chanceOfLosing(lost, won), chanceOfLosing(won, lost))),
      labels: labels
        .filter((one) => one.before !== one.after)
        .sort(
          (a, b) =>
            Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.label < b.label ? -1 : 1),
        ),
    };
  }
}

async function describeAll(
  samples: readonly TrainingSample[],
  {
    signal,
    ...options
  }: { readonly signal: AbortSignal | undefined; readonly onProgress?: (share: number) => void },
): Promise<Known[]> {
  const described = await describeSamples(samples, { ...options, ...(signal ? { signal } : {}) });
  return described.flatMap((one, at) => {
    const sample = samples[at];
    return sample ? [{ sample, described: one }] : [];
  });
}

async function judge(
  training: readonly Known[],
  unseen: readonly Known[],
  into: Map<Known, boolean>,
  { seed, signal }: { readonly seed: number; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const described = training.map((one) => one.described);
  const model = await fitUnderstudy(described, { seed, ...(signal ? { signal } : {}) });
  for (const one of unseen) into.set(one, isRight(recognizeDescribed(model, one.described), one.sample));
  // Lets the page be answered in between.
  await new Promise((resolve) => setImmediate(resolve));
}

function subjects(samples: readonly Known[]): number {
  return samples.filter(({ sample }) => sample.label !== UNKNOWN_LABEL).length;
}

/** Which scenes to leave out together: each in turn, or dealt into folds where there are many. */
function foldsOf(scenes: readonly string[]): Set<string>[] {
  const names = [...new Set(scenes)].sort();
  if (names.length < 2) return [];
  const folds = Array.from({ length: Math.min(MOST_FOLDS, names.length) }, () => new Set<string>());
  for (const [at, name] of names.entries()) folds[at % folds.length]?.add(name);
  return folds;
}
