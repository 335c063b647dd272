import { LabelTally } from "./label-score.ts";

export interface ConditionScore {
  readonly macroF1: number;
  /** How many seconds the score is of. */
  readonly seconds: number;
}

/** A tally for each condition (a light, a scene), in the order in which they were met. */
export class ConditionTallies {
  readonly #labels: readonly string[];
  readonly #tallies = new Map<string, LabelTally>();
  readonly #seconds = new Map<string, number>();

  constructor(labels: readonly string[]) {
    this.#labels = labels;
  }

  /** The tally to count one second of this condition in. */
  of(condition: string): LabelTally {
    const tally = this.#tallies.get(condition) ?? new LabelTally(this.#labels);
    this.#tallies.set(condition, tally);
    this.#seconds.set(condition, (this.#seconds.get(condition) ?? 0) + 1);
    return tally;
  }

  get scores(): Record<string, ConditionScore> {
    return Object.fromEntries(
      [...this.#tallies].map(([condition, { macroF1 }]) => [
        condition,
        { macroF1, seconds: this.#seconds.get(condition) ?? 0 },
      ]),
    );
  }
}
