import {
  type DatasetPicture,
  decodeDatasetPicture,
  type LabelledBox,
  readDataset,
  type Split,
  scaleBox,
} from "@followspot/dataset";
import { UNKNOWN_LABEL, UserError } from "@followspot/domain";
import { LOOK_SIDE, type TrainingSample } from "@followspot/recognition";

/** A picture of a data set, as something to be judged on. */
export interface Exhibit {
  readonly fileName: string;
  /** metadata.jsonl:line, for messages. */
  readonly place: string;
  readonly path: string;
  /** Its own name where the data set gives none: then it may be like no other. */
  readonly scene: string;
  readonly split: Split | undefined;
  /** Cast ids in it, sorted; none where it shows strangers or nobody. */
  readonly present: readonly string[];
  /** Boxes in pixels of the file's upright picture; undefined where nobody framed it. */
  readonly objects: readonly LabelledBox[] | undefined;
  /** Decodes it, at most LOOK_SIDE pixels a side. */
  load(): Promise<TrainingSample>;
}

export interface ExhibitSet {
  readonly exhibits: readonly Exhibit[];
  /** Cast ids that are asked for, sorted. */
  readonly labels: readonly string[];
  /** Pictures that --labels leaves out. */
  readonly leftOut: number;
}

/** More would not fit into memory while an understudy is trained without each scene. */
const MAX_EXHIBITS = 5_000;

/**
 * Reads a data set for judging: nothing is written to it.
 * @param only restricts it to these subjects; pictures of strangers stay.
 * @throws UserError where the data set is unusable, or has no picture of one of the labels.
 */
export async function readExhibits(datasetDir: string, only?: readonly string[]): Promise<ExhibitSet> {
  const dataset = await readDataset(datasetDir);
  const labels = only ? only.toSorted() : dataset.labels;
  for (const label of labels) {
    if (dataset.labels.includes(label)) continue;
    throw new UserError(
      `--labels: the data set ${datasetDir} has no picture of "${label}"; it has ${dataset.labels.join(", ") || "nobody"}`,
    );
  }
  if (labels.length === 0) {
    throw new UserError(
      `${datasetDir} has no picture of a character or prop; only strangers cannot be named`,
    );
  }
  const exhibits: Exhibit[] = [];
  for (const picture of dataset.pictures) {
    const exhibit = exhibitOf(picture, new Set(labels));
    if (exhibit) exhibits.push(exhibit);
  }
  if (exhibits.length > MAX_EXHIBITS) {
    throw new UserError(
      `${datasetDir} has ${exhibits.length} pictures, more than the ${MAX_EXHIBITS} that can be judged at once; restrict it with --labels`,
    );
  }
  return { exhibits, labels, leftOut: dataset.pictures.length - exhibits.length };
}

/** Undefined where it shows members of the cast, but none that is asked for. */
function exhibitOf(picture: DatasetPicture, labels: ReadonlySet<string>): Exhibit | undefined {
  const shown = new Set([picture.label, ...(picture.objects ?? []).map(({ label }) => label)]);
  shown.delete(UNKNOWN_LABEL);
  const present = [...shown].filter((label) => labels.has(label)).sort();
  if (shown.size > 0 && present.length === 0) return undefined;
  const objects = picture.objects?.map(({ label, box }) => ({
    label: labels.has(label) ? label : UNKNOWN_LABEL,
    box,
  }));
  const { fileName, place, path, split } = picture;
  const scene = picture.scene ?? fileName;
  const label = labels.has(picture.label) ? picture.label : (present[0] ?? UNKNOWN_LABEL);
  return {
    fileName,
    place,
    path,
    scene,
    split,
    present,
    objects,
    load: async () => {
      const decoded = await decodeDatasetPicture(picture, { maxSide: LOOK_SIDE });
      const factor = decoded.width / decoded.sourceWidth;
      return {
        picture: { rgb: decoded.rgb, width: decoded.width, height: decoded.height },
        label,
        scene,
        objects: objects?.map((object) => ({ label: object.label, box: scaleBox(object.box, factor) })),
      };
    },
  };
}

/** Whether exactly one member of the cast is in it. */
export function showsOne({ present }: Exhibit): boolean {
  return present.length === 1;
}

/** Whether nobody of the cast is in it. */
export function showsStranger({ present }: Exhibit): boolean {
  return present.length === 0;
}
