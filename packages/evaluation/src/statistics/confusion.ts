/** What one picture shows and what was answered; undefined where the answer could not be read. */
export interface Judgement {
  readonly truth: string;
  readonly guess: string | undefined;
}

export interface LabelFigures {
  /** Pictures that show it. */
  readonly n: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
}

/** How often each guess was given for each truth, and what nobody could read under `unreadable`. */
export function countConfusion(
  judgements: readonly Judgement[],
  {
    truths,
    guesses,
    unreadable,
  }: { truths: readonly string[]; guesses: readonly string[]; unreadable: string },
): number[][] {
  const counts = truths.map(() => guesses.map(() => 0));
  for (const { truth, guess = unreadable } of judgements) {
    const row = counts[truths.indexOf(truth)];
    const column = guesses.indexOf(guess);
    if (row && column >= 0) row[column] = (row[column] ?? 0) + 1;
  }
  return counts;
}

/** Of each label. 0 where a share has nothing to be a share of. */
export function figuresByLabel(
  judgements: readonly Judgement[],
  labels: readonly string[],
): Map<string, LabelFigures> {
  return new Map(
    labels.map((label) => {
      const shown = judgements.filter(({ truth }) => truth === label).length;
      const said = judgements.filter(({ guess }) => guess === label).length;
      const right = judgements.filter(({ truth, guess }) => truth === label && guess === label).length;
      return [
        label,
        {
          n: shown,
          precision: share(right, said),
          recall: share(right, shown),
          f1: share(2 * right, shown + said),
        },
      ];
    }),
  );
}

/** Mean F1 of the labels that occur as a truth. Undefined where none does. */
export function macroF1(judgements: readonly Judgement[]): number | undefined {
  const counts = new Map<string, { shown: number; said: number; right: number }>();
  const of = (label: string) => {
    const known = counts.get(label) ?? { shown: 0, said: 0, right: 0 };
    counts.set(label, known);
    return known;
  };
  for (const { truth, guess } of judgements) {
    of(truth).shown++;
    if (guess !== undefined) of(guess).said++;
    if (guess === truth) of(truth).right++;
  }
  const shown = [...counts.values()].filter((count) => count.shown > 0);
  if (shown.length === 0) return undefined;
  return shown.reduce((sum, one) => sum + (2 * one.right) / (one.shown + one.said), 0) / shown.length;
}

/** Of sets of labels: each label of each picture counts alike. */
export interface SetFigures {
  readonly microF1: number;
  readonly precision: number;
  readonly recall: number;
  /** Share of pictures whose set was answered exactly. */
  readonly exact: number;
  readonly n: number;
}

/** Undefined where there are no pictures; 1 where nobody was there and nobody was named. */
export function compareSets(
  pictures: readonly { readonly truth: ReadonlySet<string>; readonly guess: ReadonlySet<string> }[],
): SetFigures | undefined {
  if (pictures.length === 0) return undefined;
  let [right, shown, said, exact] = [0, 0, 0, 0];
  for (const { truth, guess } of pictures) {
    const common = [...truth].filter((label) => guess.has(label)).length;
    right += common;
    shown += truth.size;
    said += guess.size;
    if (common === truth.size && common === guess.size) exact++;
  }
  return {
    microF1: shown + said === 0 ? 1 : (2 * right) / (shown + said),
    precision: said === 0 ? 1 : right / said,
    recall: shown === 0 ? 1 : right / shown,
    exact: exact / pictures.length,
    n: pictures.length,
  };
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
