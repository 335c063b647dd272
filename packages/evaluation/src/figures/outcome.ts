import type { Answer, LabelAnswer } from "../contestants/contestant.ts";
import { type Exhibit, showsOne } from "../exam/exhibit.ts";

/** One picture and what was said of it. */
export interface Outcome {
  readonly exhibit: Exhibit;
  readonly scene: string;
  readonly answer: Answer;
  /** Pictures that the recognizer learnt from, and how many subjects they show. */
  readonly learnt: Learnt;
}

export interface Learnt {
  /** How many pictures of one subject alone show each. */
  readonly counts: ReadonlyMap<string, number>;
  readonly scenes: ReadonlySet<string>;
}

/** The most probable label; undefined where the answer could not be read or names nobody. */
export function topOf({ labels }: Answer): LabelAnswer | undefined {
  return labels[0];
}

/** Whether the truth of a picture of one subject is among the `count` most probable labels. */
export function isAmongTop({ exhibit, answer }: Outcome, count: number): boolean {
  return answer.labels.slice(0, count).some(({ label }) => label === exhibit.present[0]);
}

/** What the recognizer decides: a name from the threshold on, "unknown" below; undefined where it cannot be read. */
export function decisionOf(
  answer: Answer,
  { threshold, unknown }: { threshold: number; unknown: string },
): string | undefined {
  if (answer.unparseable !== undefined) return undefined;
  const top = topOf(answer);
  return top && top.score >= threshold ? top.label : unknown;
}

/** Everybody who is said to be in the picture. */
export function namedIn({ labels }: Answer, threshold: number): ReadonlySet<string> {
  return new Set(labels.filter(({ score }) => score >= threshold).map(({ label }) => label));
}

/** Whether the answer is right: the one who is there on top; nobody named where nobody of the cast is. */
export function isRight(outcome: Outcome, threshold: number): boolean {
  const { exhibit, answer } = outcome;
  if (answer.unparseable !== undefined) return false;
  if (showsOne(exhibit)) return isAmongTop(outcome, 1);
  const named = namedIn(answer, threshold);
  return named.size === exhibit.present.length && exhibit.present.every((label) => named.has(label));
}
