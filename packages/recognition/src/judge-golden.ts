import { UNKNOWN_LABEL } from "@followspot/domain";
import { breathe } from "./breathe.ts";
import type { Recognizer } from "./eye.ts";
import { type Recognition, recognizePixels } from "./recognize.ts";
import { chanceOfLosing } from "./sign-test.ts";
import type { TrainingSample } from "./training-sample.ts";

/** Two models on the same pictures, which neither has learnt from. */
export interface GoldenComparison {
  readonly pictures: number;
  /** Right answers of the model in force, and of the new one. */
  readonly before: number;
  readonly after: number;
  /** Pictures that only the new model gets right, and that only the old one got right. */
  readonly won: number;
  readonly lost: number;
  /** Probability of losing that many by chance, if the models were equally good. */
  readonly chance: number;
  readonly worse: boolean;
}

/** A net loss of more than this share of the pictures is too much, however likely chance is. */
const BEARABLE_LOSS = 0.02;
const SIGNIFICANT = 0.05;
/** From which score on a label is claimed. */
const CLAIMED = 0.5;

/**
 * Which of the pictures a model gets right. With k of the cast in a picture: its k best labels are those. With nobody
 * of the cast in it: no label is claimed.
 */
export async function judgeGolden(
  recognizer: Recognizer,
  golden: readonly Pick<TrainingSample, "picture" | "label" | "objects">[],
  signal?: AbortSignal,
): Promise<boolean[]> {
  const right: boolean[] = [];
  for (const sample of golden) {
    right.push(isRight(await recognizePixels(recognizer, sample.picture), sample));
    await breathe(signal);
  }
  return right;
}

/** Whether an answer names everybody of the cast who is in the picture, and nobody else before them. */
export function isRight(
  { labels }: Recognition,
  { label, objects }: Pick<TrainingSample, "label" | "objects">,
): boolean {
  const present = new Set(objects?.map((object) => object.label) ?? [label]);
  present.delete(UNKNOWN_LABEL);
  if (present.size === 0) return labels.every(({ score }) => score < CLAIMED);
  const best = labels.slice(0, present.size);
  return best.length === present.size && best.every((one) => present.has(one.label));
}

/**
 * Worse is a new model that gets fewer pictures right on balance, by more than 2 % of them or by more than chance
 * explains (one-sided, 5 %). In a golden set of less than 50 pictures hence every loss that no gain outweighs counts.
 */
export function compareOnGolden(before: readonly boolean[], after: readonly boolean[]): GoldenComparison {
  let won = 0;
  let lost = 0;
  for (const [at, was] of before.entries()) {
    if (was && !after[at]) lost += 1;
    if (!was && after[at]) won += 1;
  }
  const chance = chanceOfLosing(lost, won);
  const count = (answers: readonly boolean[]) => answers.filter(Boolean).length;
  return {
    pictures: before.length,
    before: count(before),
    after: count(after),
    won,
    lost,
    chance,
    worse: lost > won && (lost - won > before.length * BEARABLE_LOSS || chance <= SIGNIFICANT),
  };
}
