import { type DatasetPicture, readDataset, SPLITS, type Split } from "@followspot/dataset";
import { UNKNOWN_LABEL, UserError } from "@followspot/domain";
import type { Inspected } from "./inspect-picture.ts";
import { type InspectOptions, inspectPictures } from "./inspect-pictures.ts";
import { findNearDuplicates, type NearPair } from "./near-duplicates.ts";
import { proposeSplit, type SplitOptions, splitMembers } from "./propose-split.ts";
import { unitsOf } from "./split-units.ts";

/** A proposal; also the JSON document. */
export interface DatasetSplit {
  readonly dataset: string;
  readonly seed: number;
  readonly wished: { readonly test: number; readonly golden: number };
  /** Scenes, and single pictures without one. */
  readonly scenes: number;
  /** What is left of them where what may be one shot keeps together. */
  readonly units: number;
  readonly splits: Readonly<Record<Split, SplitSide>>;
  /** What the reader should know, a sentence each. */
  readonly remarks: readonly string[];
  readonly pictures: readonly SplitPicture[];
}

export interface SplitSide {
  readonly pictures: number;
  readonly scenes: number;
  /** Pictures of each subject. */
  readonly labels: Readonly<Record<string, number>>;
}

export interface SplitPicture {
  readonly fileName: string;
  readonly scene: string | null;
  readonly split: Split;
  readonly before: Split | null;
}

/** With so few scenes each of them should be judged in turn. */
const FEW_SCENES = 6;
const LOOKING_SHARE = 0.85;

/**
 * Proposes who is learnt from and who is judged by, whole scenes on one side. Writes nothing.
 * @throws UserError where the data set cannot be read, or shares that leave nothing to learn from.
 */
export async function splitDataset(
  dir: string,
  { onProgress = () => {}, signal, ...wished }: SplitOptions & InspectOptions,
): Promise<DatasetSplit> {
  const { test, golden, seed } = wished;
  if (!(test >= 0 && golden >= 0 && test + golden < 0.95)) {
    throw new UserError(
      "test and golden together must leave at least 5 % to learn from: give smaller shares",
    );
  }
  const { pictures: entries } = await readDataset(dir);
  const { pictures, findings } = await inspectPictures(entries, {
    signal,
    onProgress: (share) => onProgress(share * LOOKING_SHARE),
  });
  const broken = findings.find(({ check }) => check === "decode");
  if (broken) throw new UserError(`${broken.place}: ${broken.pictures[0]}: ${broken.message}`);
  const { pairs } = await findNearDuplicates(pictures, {
    signal,
    onProgress: (share) => onProgress(LOOKING_SHARE + share * (1 - LOOKING_SHARE)),
  });
  const units = unitsOf(entries, pairs);
  const splits = proposeSplit(splitMembers(entries, units), { test, golden, seed });
  return {
    dataset: dir,
    seed,
    wished: { test, golden },
    scenes: new Set(entries.map(sceneOf)).size,
    units: new Set(units).size,
    splits: { train: side("train"), test: side("test"), golden: side("golden") },
    remarks: [...joinedScenes(pictures, pairs), ...remarksOn(entries, splits, wished)],
    pictures: entries.map(({ fileName, scene = null, split: before = null }, index) => ({
      fileName,
      scene,
      split: splits[index] as Split,
      before,
    })),
  };

  function side(split: Split): SplitSide {
    const here = entries.filter((_, index) => splits[index] === split);
    const labels: Record<string, number> = {};
    for (const label of here.flatMap(labelsOf).sort()) labels[label] = (labels[label] ?? 0) + 1;
    return { pictures: here.length, scenes: new Set(here.map(sceneOf)).size, labels };
  }
}

function sceneOf({ scene, fileName }: DatasetPicture): string {
  return scene === undefined ? `file ${fileName}` : `scene ${scene}`;
}

function labelsOf({ label, objects }: DatasetPicture): string[] {
  return [...new Set([label, ...(objects ?? []).map((object) => object.label)])];
}

/** Which scenes hang together, and by which pictures: the first pair of each two scenes. */
function joinedScenes(pictures: readonly Inspected[], pairs: readonly NearPair[]): string[] {
  const told = new Map<string, string>();
  for (const { one, other, by } of pairs) {
    const [a, b] = [pictures[one]?.entry, pictures[other]?.entry];
    if (!a || !b || sceneOf(a) === sceneOf(b) || (by === "look" && a.label !== b.label)) continue;
    const key = [sceneOf(a), sceneOf(b)].sort().join(" / ");
    if (!told.has(key))
      told.set(key, `${a.fileName} and ${b.fileName} may be one shot: their scenes stay together`);
  }
  return [...told.values()];
}

function remarksOn(
  entries: readonly DatasetPicture[],
  splits: readonly Split[],
  { test, golden }: { readonly test: number; readonly golden: number },
): string[] {
  const remarks: string[] = [];
  const labels = [...new Set(entries.flatMap(labelsOf))].filter((label) => label !== UNKNOWN_LABEL).sort();
  const lacks = (split: Split) =>
    labels.filter(
      (label) => !entries.some((entry, index) => splits[index] === split && labelsOf(entry).includes(label)),
    );
  for (const split of SPLITS) {
    const missing = lacks(split);
    const wanted = split === "train" || (split === "test" ? test : golden) > 0;
    if (missing.length === 0 || !wanted) continue;
    remarks.push(
      `${missing.join(", ")}: nothing in ${split}, for want of scenes; photograph them in more places`,
    );
  }
  const drawn = entries.filter((entry, index) => splits[index] === "golden" && entry.split !== "golden");
  const there = entries.some(({ split }) => split === "golden");
  if (there && drawn.length > 0) {
    remarks.push(
      `${drawn.length} more pictures become golden: chosen, or of a scene or shot of which a picture is golden already`,
    );
  }
  const scenes = new Set(entries.map(sceneOf)).size;
  if (scenes <= FEW_SCENES) {
    remarks.push(
      `there are only ${scenes} scenes: \`evaluate --protocol leave-one-scene-out\` judges each in turn and says more`,
    );
  }
  return remarks;
}
