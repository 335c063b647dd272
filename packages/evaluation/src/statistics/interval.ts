import { SeededRandom } from "@followspot/domain";

/** From and to, 95 %. */
export type Interval = readonly [low: number, high: number];

/** Both of a figure; the first is missing where the figure is no share of pictures, the second with a single scene. */
export interface Intervals {
  readonly wilson?: Interval;
  readonly byScene?: Interval;
}

/**
 * The one to show, the wider of both: redrawing a handful of scenes may find less doubt than there is, and none at all
 * where every picture is right or none; Wilson's still knows how few pictures there were, and takes those of one scene
 * for independent. Undefined where neither says anything.
 */
export function intervalToShow({ wilson, byScene }: Intervals = {}): Interval | undefined {
  const [widest] = [byScene, wilson]
    .filter((interval) => interval !== undefined)
    .filter(([low, high]) => low < high)
    .sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
  return widest;
}

const Z = 1.959963984540054;
const DRAWS = 2_000;

/** Wilson's interval for a share of independent pictures. Everything where there are none. */
export function wilson(right: number, n: number): Interval {
  if (n === 0) return [0, 1];
  const share = right / n;
  const middle = (share + (Z * Z) / (2 * n)) / (1 + (Z * Z) / n);
  const half = (Z / (1 + (Z * Z) / n)) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  // Rounding may leave a hair outside where all or none are right.
  return [right === 0 ? 0 : Math.max(0, middle - half), right === n ? 1 : Math.min(1, middle + half)];
}

/**
 * The interval of any figure, by drawing whole scenes with replacement: pictures of one scene resemble each other,
 * and an interval that takes them for independent is far too narrow. Undefined with fewer than two scenes, and where
 * the figure cannot be computed.
 */
export function bootstrapByScene<Item extends { readonly scene: string }>(
  items: readonly Item[],
  figure: (drawn: readonly Item[]) => number | undefined,
  { seed, draws = DRAWS }: { readonly seed: number; readonly draws?: number },
): Interval | undefined {
  const scenes = [...Map.groupBy(items, ({ scene }) => scene).values()];
  if (scenes.length < 2) return undefined;
  const random = new SeededRandom(seed);
  const values: number[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn: Item[] = [];
    for (let pick = 0; pick < scenes.length; pick++) {
      for (const item of scenes[random.below(scenes.length)] ?? []) drawn.push(item);
    }
    const value = figure(drawn);
    if (value !== undefined && Number.isFinite(value)) values.push(value);
  }
  if (values.length === 0) return undefined;
  values.sort((a, b) => a - b);
  const at = (share: number) =>
    values[Math.min(values.length - 1, Math.floor(values.length * share))] as number;
  return [at(0.025), at(0.975)];
}
