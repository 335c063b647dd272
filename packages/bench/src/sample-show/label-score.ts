/** How often one label was said when it was true. */
export interface LabelScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Seconds in which it was truly on stage, of those that count. */
  readonly secondsOnStage: number;
  readonly secondsCounted: number;
}

/** Counts right and wrong answers about labels. */
export class LabelTally {
  readonly #counts = new Map<
    string,
    { truePositive: number; falsePositive: number; missed: number; seconds: number }
  >();

  constructor(labels: readonly string[]) {
    for (const label of labels)
      this.#counts.set(label, { truePositive: 0, falsePositive: 0, missed: 0, seconds: 0 });
  }

  /** One second: who was said to be on stage, and who was. Labels in `leaveOut` are not judged. */
  count(
    said: ReadonlySet<string>,
    onStage: ReadonlySet<string>,
    leaveOut: ReadonlySet<string> = new Set(),
  ): void {
    for (const [label, counts] of this.#counts) {
      if (leaveOut.has(label)) continue;
      counts.seconds += 1;
      if (said.has(label) && onStage.has(label)) counts.truePositive += 1;
      else if (said.has(label)) counts.falsePositive += 1;
      else if (onStage.has(label)) counts.missed += 1;
    }
  }

  /** Labels that never were on stage and never said to be are left out: there is nothing to be right about. */
  get byLabel(): Record<string, LabelScore> {
    const scores: Record<string, LabelScore> = {};
    for (const [label, { truePositive, falsePositive, missed, seconds }] of this.#counts) {
      if (truePositive + falsePositive + missed === 0) continue;
      scores[label] = {
        precision: ratio(truePositive, truePositive + falsePositive),
        recall: ratio(truePositive, truePositive + missed),
        f1: ratio(2 * truePositive, 2 * truePositive + falsePositive + missed),
        secondsOnStage: truePositive + missed,
        secondsCounted: seconds,
      };
    }
    return scores;
  }

  /** Mean F1 of the labels, each with the same weight. */
  get macroF1(): number {
    const scores = Object.values(this.byLabel);
    return ratio(
      scores.reduce((sum, { f1 }) => sum + f1, 0),
      scores.length,
    );
  }
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
}
