import { SeededRandom, UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { gaugeParts } from "./gauge-parts.ts";
import { learnAspects } from "./learn-aspects.ts";
import { learnPalettes } from "./learn-palettes.ts";
import { learnParts } from "./learn-parts.ts";
import type { Eye, UnderstudyModel } from "./model.ts";
import { frameSample, type TrainingSample } from "./training-sample.ts";
import { checkUnseen } from "./check-unseen.ts";

export interface TrainOptions {
  /** The same seed and the same samples give the same bytes. */
  readonly seed: number;
  /** Called with the share that is done, 0 to 1, and a word about what is being done. */
  readonly onProgress?: (share: number, doing: string) => void;
  readonly signal?: AbortSignal;
  /** How many trees to grow. More are slower, and steadier in their judgement. Default 20. */
  readonly trees?: number;
}

const LEAST_PICTURES = 2;
const LEARNING_SHARE = 0.7;

/**
 * Learns to recognize whoever is in the samples. Every tree of the forest is grown without some of the scenes; those
 * trees then tell how often the understudy is right where it has never been, and how sure it may be.
 * @throws UserError where there is nobody to learn.
 */
export async function trainUnderstudy(
  samples: readonly TrainingSample[],
  options: TrainOptions,
): Promise<UnderstudyModel> {
  const { seed, onProgress = () => {}, signal, trees } = options;
  const labels = labelsOf(samples);
  if (labels.length === 0 || samples.length < LEAST_PICTURES) {
    throw new UserError(
      "the data set has too few pictures to learn from: give at least two, with a name of the cast",
    );
  }
  const pictures = samples.map((sample) => frameSample(sample, labels));
  const random = new SeededRandom(seed);
  const { forest, unseenBy } = await learnParts(pictures, labels.length, {
    random,
    signal,
    trees,
    onProgress: (share) => onProgress(share * LEARNING_SHARE, "learning"),
  });
  const gauges = gaugeParts(forest, pictures, unseenBy);
  const known = learnPalettes(pictures, labels.length + 1);
  const palettes = known.map((list) => list.map(({ palette }) => palette));
  const eye: Eye = { labels, forest, gauges, palettes, aspects: learnAspects(pictures, labels.length + 1) };
  const checked = await checkUnseen(eye, pictures, {
    unseenBy,
    known,
    random,
    signal,
    onProgress: (share) =>
      onProgress(LEARNING_SHARE + share * (1 - LEARNING_SHARE), "checking on scenes not seen"),
  });
  return { ...eye, seed, ...checked, pictures: samples.length };
}

function labelsOf(samples: readonly TrainingSample[]): string[] {
  const labels = new Set(
    samples.flatMap(({ label, objects }) => [label, ...(objects ?? []).map((object) => object.label)]),
  );
  labels.delete(UNKNOWN_LABEL);
  return [...labels].sort();
}
