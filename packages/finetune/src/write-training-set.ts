import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  cornersOf,
  type DatasetPicture,
  datasetVersion,
  decodeDatasetPicture,
  DESCRIBE,
  type LabelledBox,
  readDataset,
  toUnit,
  unitOf,
  writeBoxes,
  scaleBox,
} from "@followspot/dataset";
import { SeededRandom, UNKNOWN_LABEL, UserError } from "@followspot/domain";
import type { Show } from "@followspot/show";
import {
  CHAT_TEMPLATE,
  FAMILIES,
  type FittedPicture,
  fitPicture,
  NO,
  plainText,
  PromptBook,
  QUESTIONS,
  YES,
} from "@followspot/vision-language";
import sharp from "sharp";
import { holdOut } from "./hold-out.ts";
import { findLookAlikes } from "./look-alikes.ts";
import { type FramedPicture, swapBackground } from "./swap-background.ts";
import {
  type TrainingBox,
  type TrainingPicture,
  TRAINING_SET_FORMAT,
  type TrainingSetHead,
} from "./training-set.ts";
import { trueLabels } from "./true-labels.ts";

export interface TrainingSetRequest {
  readonly show: Show;
  readonly datasetDir: string;
  /** A new or empty folder. */
  readonly to: string;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (share: number, doing: string) => void;
}

export interface TrainingSetReport {
  readonly head: TrainingSetHead;
  readonly train: number;
  readonly swapped: number;
  readonly heldOut: number;
  /** What the reader should know, a sentence each. */
  readonly remarks: readonly string[];
}

/** So many pictures before other backgrounds there should be in all, but no more of one than MOST_SWAPS. */
const WISHED_SWAPS = 120;
const MOST_SWAPS = 6;
const SWAP_SIDE = 1_024;
const JPEG = { quality: 95, chromaSubsampling: "4:4:4" } as const;
/** A model of the family that has no box style of its own here cannot be fine-tuned. */
const STYLES = { "qwen2-vl": "qwen2-vl", "qwen2.5-vl": "qwen2.5-vl" } as const;

/**
 * Writes what a model is fine-tuned with: the facts about each picture, the words of serving, and the pictures in the
 * very size in which they are sent. Golden pictures stay out.
 * @throws UserError where the data set cannot be read, or names somebody who is not in the cast
 */
export async function writeTrainingSet(request: TrainingSetRequest): Promise<TrainingSetReport> {
  const { show, datasetDir, to, seed, signal, onProgress = () => {} } = request;
  const { family } = show.recognizer;
  if (!(family in STYLES)) {
    throw new UserError(`recognizer.family is ${family}, which cannot be fine-tuned here: take qwen2-vl`);
  }
  const dataset = await readDataset(datasetDir);
  const cast = show.cast.map(({ id }) => id);
  const strangers = dataset.labels.filter((label) => !cast.includes(label));
  if (strangers.length > 0) {
    throw new UserError(
      `the data set names ${strangers.join(", ")}, and the cast in show.yaml does not: add them there, or take their pictures out`,
    );
  }
  const labels = [...cast, UNKNOWN_LABEL];
  const { hash } = await datasetVersion(dataset, {
    ...(signal ? { signal } : {}),
    onProgress: (share) => onProgress(share * 0.1, "reading pictures"),
  });
  const parted = holdOut(dataset.pictures, seed);
  if (parted.train.length === 0) {
    throw new UserError(`${datasetDir} has no pictures to learn from: golden and test pictures are not`);
  }
  const lookAlikes = await findLookAlikes(parted.train, {
    labels,
    signal,
    onProgress: (share) => onProgress(0.1 + share * 0.3, "finding look-alikes"),
  });
  await mkdir(join(to, "pictures"), { recursive: true });
  const desk = new Desk(request);
  const train: TrainingPicture[] = [];
  const heldOut: TrainingPicture[] = [];
  for (const [entries, lines] of [
    [parted.train, train],
    [parted.heldOut, heldOut],
  ] as const) {
    for (const entry of entries) {
      signal?.throwIfAborted();
      lines.push(await desk.writePhotograph(entry));
      onProgress(
        0.4 + (0.2 * (train.length + heldOut.length)) / (parted.train.length + parted.heldOut.length),
        "writing pictures",
      );
    }
  }
  const swapped = await desk.writeSwaps(parted.train, train, (share) =>
    onProgress(0.6 + 0.4 * share, "swapping backgrounds"),
  );
  const head = headOf(request, { labels, hash, lookAlikes, heldOutBy: parted.by });
  await writeFile(join(to, "train.jsonl"), lines([...train, ...swapped]));
  await writeFile(join(to, "held-out.jsonl"), lines(heldOut));
  await writeFile(join(to, "training-set.json"), `${JSON.stringify(head, undefined, 2)}\n`);
  return {
    head,
    train: train.length,
    swapped: swapped.length,
    heldOut: heldOut.length,
    remarks: remarksOn({ train, swapped, heldOut, by: parted.by, cast }),
  };
}

function headOf(
  { show, seed }: TrainingSetRequest,
  known: {
    readonly labels: readonly string[];
    readonly hash: string;
    readonly lookAlikes: TrainingSetHead["lookAlikes"];
    readonly heldOutBy: TrainingSetHead["heldOutBy"];
  },
): TrainingSetHead {
  const book = new PromptBook(show);
  const scenes = [undefined, ...show.scenes.map(({ id }) => id)];
  return {
    format: TRAINING_SET_FORMAT,
    show: show.id,
    dataset: known.hash,
    seed,
    family: show.recognizer.family,
    maxPixels: show.recognizer.maxPixels,
    promptVersion: book.version,
    systems: scenes.map((scene) => ({ scene: scene ?? null, text: book.forScene(scene).text })),
    chat: CHAT_TEMPLATE,
    questions: { ...QUESTIONS, describe: DESCRIBE },
    yes: YES,
    no: NO,
    labels: known.labels,
    lookAlikes: known.lookAlikes,
    heldOutBy: known.heldOutBy,
  };
}

/** Writes pictures into the folder, each under a name of its own. */
class Desk {
  readonly #request: TrainingSetRequest;
  #written = 0;

  constructor(request: TrainingSetRequest) {
    this.#request = request;
  }

  async writePhotograph(entry: DatasetPicture): Promise<TrainingPicture> {
    const fitted = await this.#fit(await readFile(entry.path), entry.place);
    return {
      file: await this.#write(fitted),
      scene: entry.scene ?? entry.fileName,
      present: [...trueLabels(entry)].sort(),
      boxes: entry.objects ? this.#boxes(entry.objects, fitted) : null,
      caption: entry.caption ? plainText(entry.caption) : null,
      swapped: null,
    };
  }

  /** The subjects of each framed picture before backgrounds of other scenes. */
  async writeSwaps(
    entries: readonly DatasetPicture[],
    photographs: readonly TrainingPicture[],
    onProgress: (share: number) => void,
  ): Promise<TrainingPicture[]> {
    const { seed, signal } = this.#request;
    const framed = entries.filter(({ objects }) => objects !== undefined);
    const subjects = framed.filter(({ objects = [] }) => objects.length > 0);
    const times = Math.min(MOST_SWAPS, Math.max(1, Math.ceil(WISHED_SWAPS / Math.max(1, subjects.length))));
    const fileOf = new Map(entries.map((entry, index) => [entry, photographs[index]?.file]));
    const random = new SeededRandom(seed);
    const swapped: TrainingPicture[] = [];
    for (const [index, entry] of subjects.entries()) {
      const elsewhere = framed.filter(({ scene }) => scene === undefined || scene !== entry.scene);
      const grounds = elsewhere.filter((other) => other !== entry);
      if (grounds.length === 0) continue;
      const cut = await decodeFramed(entry);
      for (let time = 0; time < times; time++) {
        signal?.throwIfAborted();
        const ground = grounds[random.below(grounds.length)] as DatasetPicture;
        const made = swapBackground(cut, await decodeFramed(ground), random);
        const { rgb, width, height } = made.picture;
        const jpeg = await sharp(rgb, { raw: { width, height, channels: 3 } })
          .jpeg(JPEG)
          .toBuffer();
        const fitted = await this.#fit(jpeg, entry.place);
        swapped.push({
          file: await this.#write(fitted),
          scene: ground.scene ?? ground.fileName,
          present: [...new Set(made.objects.map(({ label }) => label))].sort(),
          boxes: this.#boxes(made.objects, fitted),
          caption: null,
          swapped: fileOf.get(entry) ?? null,
        });
      }
      onProgress((index + 1) / subjects.length);
    }
    return swapped;
  }

  async #fit(bytes: Uint8Array, place: string): Promise<FittedPicture> {
    const { family, maxPixels } = this.#request.show.recognizer;
    try {
      return await fitPicture(bytes, { profile: FAMILIES[family], maxPixels });
    } catch (cause) {
      throw new UserError(`${place}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }

  async #write({ jpeg }: FittedPicture): Promise<string> {
    const file = `pictures/${String(++this.#written).padStart(6, "0")}.jpg`;
    await writeFile(join(this.#request.to, file), jpeg);
    return file;
  }

  #boxes(objects: readonly LabelledBox[], { original }: FittedPicture): TrainingBox[] {
    const { family, maxPixels } = this.#request.show.recognizer;
    const style = STYLES[family as keyof typeof STYLES];
    return objects.map(({ label, box }) => {
      const corners = cornersOf(box);
      return {
        label,
        corners: toUnit(corners, original, unitOf(style, maxPixels)),
        written: writeBoxes([{ name: label, corners }], original, style, maxPixels),
      };
    });
  }
}

async function decodeFramed(entry: DatasetPicture): Promise<FramedPicture> {
  const picture = await decodeDatasetPicture(entry, { maxSide: SWAP_SIDE });
  const factor = picture.width / picture.sourceWidth;
  const objects = (entry.objects ?? []).map(({ label, box }) => ({
    label,
    box: scaleBox(box, factor),
  }));
  return { picture, objects };
}

function lines(pictures: readonly TrainingPicture[]): string {
  return pictures.map((picture) => `${JSON.stringify(picture)}\n`).join("");
}

function remarksOn({
  train,
  swapped,
  heldOut,
  by,
  cast,
}: {
  readonly train: readonly TrainingPicture[];
  readonly swapped: readonly TrainingPicture[];
  readonly heldOut: readonly TrainingPicture[];
  readonly by: "scene" | "picture";
  readonly cast: readonly string[];
}): string[] {
  const remarks: string[] = [];
  const missing = cast.filter((label) => !train.some(({ present }) => present.includes(label)));
  if (missing.length > 0)
    remarks.push(`nothing is learnt of ${missing.join(", ")}: there is no picture of them`);
  const unjudged = cast.filter(
    (label) => !missing.includes(label) && !heldOut.some(({ present }) => present.includes(label)),
  );
  if (unjudged.length > 0) {
    remarks.push(
      `${unjudged.join(", ")} cannot be judged: all their pictures are of scenes that are learnt from`,
    );
  }
  if (by === "picture") {
    remarks.push(
      "all pictures are of one scene, so single ones are held out: how well it does elsewhere is not known",
    );
  }
  if (swapped.length === 0) {
    remarks.push(
      "no backgrounds could be swapped, for want of boxes in two scenes: draw boxes, or the model may learn the place",
    );
  }
  return remarks;
}
