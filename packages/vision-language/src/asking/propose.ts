import type { Recognition, ScoresAnswer } from "@followspot/triton";

/** The understudy, or whoever else is quick to say who might be in a picture. */
export interface Proposer {
  recognize(question: {
    readonly jpeg: Uint8Array;
    readonly labels: readonly string[];
    readonly signal: AbortSignal;
    readonly deadlineMs: number;
  }): Promise<Pick<Recognition, "labels" | "unknown">>;
}

const LEAST_CANDIDATES = 2;
const MOST_CANDIDATES = 3;
/** A third is worth comparing only where it might be there. */
const WORTH_A_LOOK = 0.05;

/**
 * Two or three labels that are worth a closer look: those that the understudy doubts most, since of the others it is
 * sure either way. In the order of the cast, so that the same candidates make the same question.
 */
export function candidatesOf(
  { labels: proposed }: Pick<ScoresAnswer, "labels">,
  labels: readonly string[],
): readonly string[] {
  const doubtful = proposed
    .filter(({ label }) => labels.includes(label))
    .toSorted((a, b) => Math.abs(a.score - 0.5) - Math.abs(b.score - 0.5) || (a.label < b.label ? -1 : 1))
    .slice(0, MOST_CANDIDATES)
    .filter(({ score }, at) => at < LEAST_CANDIDATES || score >= WORTH_A_LOOK)
    .map(({ label }) => label);
  return labels.filter((label) => doubtful.includes(label));
}
