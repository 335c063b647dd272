import {
  type Box,
  decodeDatasetPicture,
  type DatasetPicture,
  isNearDuplicate,
  type Picture,
  type PictureTrace,
  readDataset,
  tracePicture,
  scaleBox,
} from "@followspot/dataset";
import { dot, embedCrop, LOOK_SIDE } from "@followspot/recognition";
import { cropPicture } from "./crop-picture.ts";

/** A subject of the data set that a crop can be compared with. */
export interface AlbumSubject {
  readonly label: string;
  readonly scene: string | undefined;
  readonly fileName: string;
  readonly path: string;
  /** In pixels of the upright picture; undefined: the whole of it. */
  readonly box: Box | undefined;
}

export interface Lookalike {
  readonly subject: AlbumSubject;
  /** Place in `subjects`. */
  readonly index: number;
  /** -1 to 1. */
  readonly likeness: number;
}

interface Golden {
  readonly fileName: string;
  readonly trace: PictureTrace;
}

/** The data set as seen by a review: what there is to compare with, and what must never be learnt from. */
export class TrainingAlbum {
  readonly subjects: readonly AlbumSubject[];
  /** Scenes that golden pictures are of. */
  readonly goldenScenes: ReadonlySet<string>;
  readonly #embeddings: readonly Float32Array[];
  readonly #golden: readonly Golden[];
  readonly #pictures: ReadonlyMap<string, number>;

  private constructor(
    subjects: readonly { readonly subject: AlbumSubject; readonly embedding: Float32Array }[],
    golden: { readonly traces: readonly Golden[]; readonly scenes: ReadonlySet<string> },
  ) {
    this.subjects = subjects.map(({ subject }) => subject);
    this.#embeddings = subjects.map(({ embedding }) => embedding);
    this.#golden = golden.traces;
    this.goldenScenes = golden.scenes;
    const pictures = new Map<string, number>();
    for (const { label } of this.subjects) pictures.set(label, (pictures.get(label) ?? 0) + 1);
    this.#pictures = pictures;
  }

  /** Decodes the whole data set once. @throws UserError naming file, line and field of what is wrong with it. */
  static async open(
    datasetDir: string,
    onProgress: (share: number) => void = () => {},
  ): Promise<TrainingAlbum> {
    const { pictures } = await readDataset(datasetDir);
    const subjects: { subject: AlbumSubject; embedding: Float32Array }[] = [];
    const traces: Golden[] = [];
    const scenes = new Set<string>();
    for (const [at, entry] of pictures.entries()) {
      if (entry.split !== "test") {
        const picture = await decodeDatasetPicture(entry, { maxSide: LOOK_SIDE });
        const factor = picture.width / picture.sourceWidth;
        if (entry.split === "golden") {
          if (entry.scene) scenes.add(entry.scene);
          traces.push(...goldenTraces(entry, picture, factor));
        } else subjects.push(...subjectsOf(entry, picture, factor));
      }
      onProgress((at + 1) / pictures.length);
    }
    return new TrainingAlbum(subjects, { traces, scenes });
  }

  /** How many subjects there are of a label. */
  picturesOf(label: string): number {
    return this.#pictures.get(label) ?? 0;
  }

  /** The subjects that look most like a crop, best first, each picture once. */
  nearest(embedding: Float32Array, count: number): Lookalike[] {
    const alike = this.subjects.map((subject, index) => ({
      subject,
      index,
      likeness: dot(embedding, this.#embeddings[index] as Float32Array),
    }));
    alike.sort((a, b) => b.likeness - a.likeness);
    const files = new Set<string>();
    return alike
      .filter(
        ({ subject }) => !files.has(subject.fileName) && files.size < count && files.add(subject.fileName),
      )
      .slice(0, count);
  }

  /** The golden picture that a crop is a near-duplicate of. */
  goldenTwin(picture: Picture): string | undefined {
    if (this.#golden.length === 0) return undefined;
    const trace = tracePicture(picture);
    return this.#golden.find((golden) => isNearDuplicate(golden.trace, trace))?.fileName;
  }
}

function subjectsOf(entry: DatasetPicture, picture: Picture, factor: number) {
  const { fileName, path, scene, label } = entry;
  // An empty list of objects says that nobody is there: the whole picture is what there is to see.
  const framed = entry.objects && entry.objects.length > 0 ? entry.objects : [{ label, box: undefined }];
  return framed.map((object) => ({
    subject: { label: object.label, scene, fileName, path, box: object.box },
    embedding: embedCrop(picture, object.box && scaleBox(object.box, factor)),
  }));
}

/** The whole picture, and what is framed in it. */
function goldenTraces(entry: DatasetPicture, picture: Picture, factor: number): Golden[] {
  const crops = (entry.objects ?? []).map(({ box }) => cropPicture(picture, scaleBox(box, factor)));
  return [picture, ...crops].map((one) => ({ fileName: entry.fileName, trace: tracePicture(one) }));
}
