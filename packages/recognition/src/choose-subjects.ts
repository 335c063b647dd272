import { UNKNOWN_LABEL } from "@followspot/domain";
import { overlap } from "./boxes.ts";
import type { Candidate } from "./candidates.ts";
import type { DescribedSample } from "./describe-samples.ts";
import { dot, meanOf } from "./vectors.ts";

/** Somebody whose name is known, and how they look. */
export interface Subject {
  readonly sample: DescribedSample;
  /** Cast id, or "unknown". */
  readonly label: string;
  readonly look: Float32Array;
  /** Seen from far away: counts as half a picture more. */
  readonly far?: Float32Array | undefined;
}

/** What is nobody of the cast: a place in a picture away from everybody who was named. */
export interface Place {
  readonly sample: DescribedSample;
  readonly look: Float32Array;
}

export interface Chosen {
  readonly subjects: readonly Subject[];
  readonly places: readonly Place[];
}

const ROUNDS = 3;
/** How much it counts that a candidate looks as its label does elsewhere, against how it stands out. */
const LIKENESS_SHARE = 12;
/** A candidate that overlaps a subject by less is another place. */
const ELSEWHERE = 0.15;

/**
 * Decides which candidate a picture without boxes is about. At first the one that stands out, near the middle; then,
 * round by round, the one that looks most like what the label's other pictures are about and not like other labels:
 * the puppet is in all of them, the place is not.
 */
export function chooseSubjects(described: readonly DescribedSample[]): Chosen {
  const framed = described.flatMap((sample) =>
    sample.framed.map(({ label, look, far }): Subject => ({ sample, label, look, far })),
  );
  const open = described.filter((sample) => sample.framed.length === 0 && sample.prominence.length > 0);
  let choice = new Map(open.map((sample) => [sample, best(sample, (_, at) => sample.prominence[at] ?? 0)]));
  for (let round = 0; round < ROUNDS; round++) {
    const choose = chooser(framed, choice);
    choice = new Map(open.map((sample) => [sample, choose(sample)]));
  }
  const chosen = [...choice].map(([sample, candidate]): Subject => {
    return { sample, label: sample.label, look: candidate.look };
  });
  return { subjects: [...framed, ...chosen], places: placesOf(described, choice) };
}

type Choice = ReadonlyMap<DescribedSample, Candidate>;

function chooser(framed: readonly Subject[], choice: Choice): (sample: DescribedSample) => Candidate {
  const looks = [
    ...framed,
    ...[...choice].map(([sample, { look }]): Subject => ({ sample, label: sample.label, look })),
  ].filter(({ label }) => label !== UNKNOWN_LABEL);
  const byLabel = Map.groupBy(looks, ({ label }) => label);
  const means = new Map([...byLabel].map(([label, list]) => [label, meanOf(list.map(({ look }) => look))]));
  return (sample) => {
    const own = byLabel.get(sample.label)?.filter((subject) => subject.sample !== sample) ?? [];
    const ownMean = own.length > 0 ? meanOf(own.map(({ look }) => look)) : undefined;
    return best(sample, ({ look }, at) => {
      let rival = 0;
      for (const [label, mean] of means) if (label !== sample.label) rival = Math.max(rival, dot(mean, look));
      const likeness = ownMean ? dot(ownMean, look) - rival : 0;
      return Math.log((sample.prominence[at] ?? 0) + 1e-3) + LIKENESS_SHARE * likeness;
    });
  };
}

function best(sample: DescribedSample, worth: (candidate: Candidate, at: number) => number): Candidate {
  let [found, most] = [sample.candidates[0] as Candidate, -Infinity];
  for (const [at, candidate] of sample.candidates.entries()) {
    const here = worth(candidate, at);
    if (here > most) [found, most] = [candidate, here];
  }
  return found;
}

function placesOf(described: readonly DescribedSample[], choice: Choice): Place[] {
  return described.flatMap((sample) => {
    const main = choice.get(sample)?.box;
    const taken = [...sample.framed.map(({ box }) => box), ...(main ? [main] : [])];
    return sample.candidates
      .filter(({ box }) => taken.every((other) => overlap(other, box) < ELSEWHERE))
      .map(({ look }): Place => ({ sample, look }));
  });
}
