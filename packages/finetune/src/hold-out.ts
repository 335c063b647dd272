import type { DatasetPicture } from "@followspot/dataset";
import { proposeSplit, splitMembers, unitsOf } from "@followspot/dataset-check";
import { SeededRandom } from "@followspot/domain";

export interface HoldOut {
  readonly train: readonly DatasetPicture[];
  /** To judge the training by. */
  readonly heldOut: readonly DatasetPicture[];
  readonly by: "scene" | "picture";
}

const SHARE = 0.2;

/**
 * Parts the pictures into those that are learnt from and those that it is judged by, whole scenes on one side: as the
 * data set is split, else as `dataset split` would. Golden pictures are on neither side. Where all is one scene, single
 * pictures are held out.
 */
export function holdOut(pictures: readonly DatasetPicture[], seed: number): HoldOut {
  const usable = pictures.filter(({ split }) => split !== "golden");
  const test = usable.filter(({ split }) => split === "test");
  if (test.length > 0) {
    return { train: usable.filter(({ split }) => split !== "test"), heldOut: test, by: "scene" };
  }
  const members = splitMembers(usable, unitsOf(usable, []));
  const splits = proposeSplit(members, { test: SHARE, golden: 0, seed });
  const heldOut = usable.filter((_, index) => splits[index] === "test");
  if (heldOut.length > 0 && heldOut.length < usable.length) {
    return { train: usable.filter((_, index) => splits[index] !== "test"), heldOut, by: "scene" };
  }
  return bySinglePictures(usable, seed);
}

/** Some of each label's pictures, but never all of them. */
function bySinglePictures(pictures: readonly DatasetPicture[], seed: number): HoldOut {
  const random = new SeededRandom(seed);
  const kept = new Set<DatasetPicture>();
  for (const same of Map.groupBy(pictures, ({ label }) => label).values()) {
    const shuffled = [...same];
    random.shuffle(shuffled);
    for (const picture of shuffled.slice(0, Math.round(same.length * SHARE))) kept.add(picture);
  }
  return {
    train: pictures.filter((picture) => !kept.has(picture)),
    heldOut: pictures.filter((picture) => kept.has(picture)),
    by: "picture",
  };
}
