import type { ScoresAnswer } from "@followspot/triton";

/** What the understudy says of a picture. */
export interface Proposal extends Pick<ScoresAnswer, "labels" | "unknown"> {
  /** The understudy's, where it is known. */
  readonly version?: string | undefined;
}

/** The understudy, or whoever else is quick to say who might be in a picture. */
export interface Proposer {
  /** Its version now, as far as it is known. */
  readonly version?: string | undefined;
  recognize(question: {
    readonly jpeg: Uint8Array;
    readonly labels: readonly string[];
    readonly signal: AbortSignal;
    readonly deadlineMs: number;
  }): Promise<Proposal>;
}

const LEAST_CANDIDATES = 2;
const MOST_CANDIDATES = 3;
/** A third is worth comparing only where it is in doubt at all: within so much of a coin's throw. */
const IN_DOUBT = 0.45;

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
    .filter(({ score }, at) => at < LEAST_CANDIDATES || Math.abs(score - 0.5) <= IN_DOUBT)
    .map(({ label }) => label);
  return labels.filter((label) => doubtful.includes(label));
}
