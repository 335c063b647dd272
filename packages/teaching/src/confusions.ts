import {
  describeSamples,
  fitUnderstudy,
  recognizeDescribed,
  type TrainingSample,
} from "@followspot/recognition";

export interface ConfusionOptions {
  readonly label: string;
  /** Of the lesson: pictures of these scenes and this label are tested. */
  readonly scene: string;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** Another label beside the newcomer's, over the pictures that were kept aside. */
export interface Rival {
  readonly label: string;
  /** Pictures on which it was ranked above the newcomer. */
  readonly mistakes: number;
  /** Its mean score, calibrated, 0 to 1. */
  readonly score: number;
}

export interface Confusions {
  readonly label: string;
  /** Pictures that were kept aside, and how many of them were named right. */
  readonly tested: number;
  readonly right: number;
  /** Worst first; only those that came near. */
  readonly rivals: readonly Rival[];
}

/** Every third picture of the lesson is kept aside. */
const FOLD = 3;
const NEAR = 0.15;

/**
 * Trains once more without some of the newcomer's pictures and looks at those: whom it is taken for, and who comes
 * near. They come from the same session as the others, so this tells who looks alike, not how good the model is.
 */
export async function findConfusions(
  samples: readonly TrainingSample[],
  { label, scene, seed, signal }: ConfusionOptions,
): Promise<Confusions> {
  const described = await describeSamples(samples, signal ? { signal } : {});
  let met = 0;
  const aside = new Set(
    described.filter((one) => one.label === label && one.scene === scene && ++met % FOLD === 0),
  );
  const rest = described.filter((one) => !aside.has(one));
  if (aside.size === 0 || !rest.some((one) => one.label === label)) {
    return { label, tested: 0, right: 0, rivals: [] };
  }
  const model = await fitUnderstudy(rest, { seed, ...(signal ? { signal } : {}) });
  const sums = new Map<string, { mistakes: number; score: number }>();
  let right = 0;
  for (const one of aside) {
    const { labels } = recognizeDescribed(model, one);
    const own = labels.find((found) => found.label === label);
    let beaten = false;
    for (const found of labels) {
      if (found.label === label) continue;
      const above = found.score > (own?.score ?? 0);
      beaten ||= above;
      const sum = sums.get(found.label) ?? { mistakes: 0, score: 0 };
      sums.set(found.label, { mistakes: sum.mistakes + (above ? 1 : 0), score: sum.score + found.score });
    }
    if (!beaten) right++;
  }
  const rivals = [...sums]
    .map(([name, { mistakes, score }]) => ({ label: name, mistakes, score: score / aside.size }))
    .filter(({ mistakes, score }) => mistakes > 0 || score >= NEAR)
    .sort((a, b) => b.mistakes - a.mistakes || b.score - a.score);
  return { label, tested: aside.size, right, rivals };
}

/** One sentence for the person at the terminal. */
export function describeConfusions({ label, tested, right, rivals }: Confusions): string {
  if (tested === 0) return `too few pictures of ${label} were kept to say with whom it is confused`;
  const taken = rivals.filter(({ mistakes }) => mistakes > 0);
  const near = rivals.filter(({ mistakes }) => mistakes === 0).slice(0, 2);
  const list = (part: readonly Rival[], tell: (rival: Rival) => string): string => part.map(tell).join(", ");
  const said = [
    `of ${tested} pictures kept aside ${right} ${right === 1 ? "was" : "were"} named ${label}`,
    ...(taken.length > 0
      ? [`it was taken for ${list(taken.slice(0, 3), (rival) => `${rival.label} (${rival.mistakes})`)}`]
      : []),
    ...(near.length > 0
      ? [
          `nearest to it ${near.length === 1 ? "is" : "are"} ${list(near, (rival) => `${rival.label} (${rival.score.toFixed(2)})`)}`,
        ]
      : []),
  ];
  if (rivals.length === 0) said.push("nobody else of the cast comes near it");
  return said.join("; ");
}
