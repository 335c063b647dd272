import { SeededRandom, UserError } from "@followspot/domain";
import { type Exhibit, showsStranger } from "./exhibit.ts";

export const PROTOCOLS = ["leave-one-scene-out", "leave-one-out", "split"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/** Who learns from `train` is asked about `test`; no picture is in both. */
export interface Fold {
  readonly train: readonly Exhibit[];
  readonly test: readonly Exhibit[];
}

export interface Plan {
  readonly folds: readonly Fold[];
  /** Pictures that could not be asked about: without their fold, nothing shows their subject. */
  readonly untestable: readonly Exhibit[];
}

/**
 * Plans who is asked about what. Strangers never train, so that they stay strangers: those of a scene that is left
 * out are asked about there, the others are dealt to the folds in turn, so that a stranger meets a recognizer that has
 * seen as much as the one that a member of the cast meets. Golden pictures neither train nor are asked about.
 * @throws UserError where the data set does not allow the protocol
 */
export function planFolds(all: readonly Exhibit[], protocol: Protocol): Plan {
  const exhibits = all.filter(({ split }) => split !== "golden");
  const cast = exhibits.filter((exhibit) => !showsStranger(exhibit));
  const strangers = exhibits.filter(showsStranger);
  if (protocol === "split") return planSplit(cast, strangers);
  const groups =
    protocol === "leave-one-out"
      ? cast.map((exhibit) => [exhibit])
      : [...Map.groupBy(cast, ({ scene }) => scene).values()];
  if (groups.length < 2) {
    const what = protocol === "leave-one-out" ? "pictures" : "scenes";
    throw new UserError(
      `--protocol ${protocol} needs at least two ${what} of the cast; this data set has ${groups.length}`,
    );
  }
  const sceneOf = protocol === "leave-one-scene-out" ? groups.map((group) => group[0]?.scene) : [];
  return planGroups(cast, groups, dealStrangers(strangers, groups.length, sceneOf));
}

/** A few folds with several scenes each, for what needs several unseen pictures at once. */
export function planHalves(
  all: readonly Exhibit[],
  { count, seed }: { readonly count: number; readonly seed: number },
): Plan {
  const cast = all.filter((exhibit) => exhibit.split !== "golden" && !showsStranger(exhibit));
  const scenes = [...Map.groupBy(cast, ({ scene }) => scene).values()];
  new SeededRandom(seed).shuffle(scenes);
  // The largest first, each to the group that has least: groups of about one size.
  scenes.sort((a, b) => b.length - a.length);
  const groups = Array.from({ length: Math.min(count, scenes.length) }, (): Exhibit[] => []);
  for (const scene of scenes) groups.toSorted((a, b) => a.length - b.length)[0]?.push(...scene);
  return planGroups(
    cast,
    groups,
    groups.map(() => []),
  );
}

function planSplit(cast: readonly Exhibit[], strangers: readonly Exhibit[]): Plan {
  const test = cast.filter(({ split }) => split === "test");
  if (test.length === 0) {
    throw new UserError(
      '--protocol split needs pictures of the cast with "split": "test"; this data set has none: followspot dataset split proposes some',
    );
  }
  const train = cast.filter(({ split }) => split !== "test");
  if (train.length === 0) {
    throw new UserError(
      "--protocol split needs pictures to learn from; all of this data set are for testing",
    );
  }
  const learnt = new Set(train.flatMap(({ present }) => present));
  const known = test.filter((exhibit) => exhibit.present.every((label) => learnt.has(label)));
  return {
    folds: [{ train, test: [...known, ...strangers] }],
    untestable: test.filter((exhibit) => !known.includes(exhibit)),
  };
}

function planGroups(
  cast: readonly Exhibit[],
  groups: readonly (readonly Exhibit[])[],
  strangers: readonly (readonly Exhibit[])[],
): Plan {
  const folds: Fold[] = [];
  const untestable: Exhibit[] = [];
  for (const [index, group] of groups.entries()) {
    const out = new Set(group);
    const train = cast.filter((exhibit) => !out.has(exhibit));
    const learnt = new Set(train.flatMap(({ present }) => present));
    const test: Exhibit[] = [];
    for (const exhibit of group) {
      (exhibit.present.every((label) => learnt.has(label)) ? test : untestable).push(exhibit);
    }
    test.push(...(strangers[index] ?? []));
    if (test.length > 0) folds.push({ train, test });
  }
  return { folds, untestable };
}

function dealStrangers(
  strangers: readonly Exhibit[],
  folds: number,
  sceneOf: readonly (string | undefined)[],
): readonly (readonly Exhibit[])[] {
  const dealt = Array.from({ length: folds }, (): Exhibit[] => []);
  let turn = 0;
  for (const [scene, group] of Map.groupBy(strangers, (stranger) => stranger.scene)) {
    const own = sceneOf.indexOf(scene);
    dealt[own >= 0 ? own : turn++ % folds]?.push(...group);
  }
  return dealt;
}
