import { showsOne } from "../exam/exhibit.ts";
import { bootstrapByScene, type Interval } from "../statistics/interval.ts";
import { mcnemarExact } from "../statistics/mcnemar.ts";
import { isRight, type Outcome } from "./outcome.ts";

/** Two recognizers on the same pictures. */
export interface Comparison {
  /** Pictures of one member of the cast that both were asked about. */
  readonly n: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  /** Two-sided, exact. */
  readonly mcnemarP: number;
  /** Top-1 of the first less that of the second. */
  readonly difference: number;
  /** Of the difference, scenes drawn with replacement, both asked about the same draw. */
  readonly interval: Interval | null;
}

/** Undefined where they have no picture in common. */
export function compareOutcomes(
  first: readonly Outcome[],
  second: readonly Outcome[],
  { threshold, seed }: { readonly threshold: number; readonly seed: number },
): Comparison | undefined {
  const others = new Map(second.map((outcome) => [outcome.exhibit, outcome]));
  const pairs = first.flatMap((outcome) => {
    const other = others.get(outcome.exhibit);
    if (!other || !showsOne(outcome.exhibit)) return [];
    const gain = Number(isRight(outcome, threshold)) - Number(isRight(other, threshold));
    return [{ scene: outcome.scene, gain }];
  });
  if (pairs.length === 0) return undefined;
  const onlyFirst = pairs.filter(({ gain }) => gain > 0).length;
  const onlySecond = pairs.filter(({ gain }) => gain < 0).length;
  const difference = (drawn: typeof pairs) => drawn.reduce((sum, { gain }) => sum + gain, 0) / drawn.length;
  return {
    n: pairs.length,
    onlyFirst,
    onlySecond,
    mcnemarP: mcnemarExact(onlyFirst, onlySecond),
    difference: difference(pairs),
    interval: bootstrapByScene(pairs, (drawn) => difference([...drawn]), { seed }) ?? null,
  };
}
