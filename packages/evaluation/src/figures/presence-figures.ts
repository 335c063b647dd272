import { namedIn, type Outcome } from "./outcome.ts";

/** Of the question "is this one in the picture?"; null where no picture asks it. */
export interface PresenceShares {
  /** Share of the pictures that show it in which it is named. */
  readonly positive: number | null;
  /** Share of the other subjects' pictures, strangers' included, in which it is not named. */
  readonly negative: number | null;
  /** Mean of both: always yes and always no come to one half. */
  readonly weighted: number | null;
}

export interface PresenceFigures {
  readonly byLabel: ReadonlyMap<string, PresenceShares>;
  /** Every label counting alike. */
  readonly mean: PresenceShares;
}

/**
 * Positive, negative and weighted accuracy of each label, as the papers on personalised recognition count them: an
 * answer that cannot be read is wrong either way.
 */
export function presenceFigures(
  outcomes: readonly Outcome[],
  { labels, threshold }: { readonly labels: readonly string[]; readonly threshold: number },
): PresenceFigures {
  const readings = outcomes.map(({ exhibit, answer }) => ({
    present: exhibit.present,
    named: namedIn(answer, threshold),
    readable: answer.unparseable === undefined,
  }));
  const byLabel = new Map<string, PresenceShares>();
  for (const label of labels) {
    let [shown, found, others, spared] = [0, 0, 0, 0];
    for (const { present, named, readable } of readings) {
      if (present.includes(label)) {
        shown++;
        if (named.has(label)) found++;
      } else {
        others++;
        if (readable && !named.has(label)) spared++;
      }
    }
    if (shown === 0) continue;
    const positive = found / shown;
    const negative = others === 0 ? null : spared / others;
    byLabel.set(label, {
      positive,
      negative,
      weighted: negative === null ? null : (positive + negative) / 2,
    });
  }
  const mean = (of: (shares: PresenceShares) => number | null) => {
    const values = [...byLabel.values()].map(of).filter((value) => value !== null);
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  };
  return {
    byLabel,
    mean: {
      positive: mean(({ positive }) => positive),
      negative: mean(({ negative }) => negative),
      weighted: mean(({ weighted }) => weighted),
    },
  };
}
