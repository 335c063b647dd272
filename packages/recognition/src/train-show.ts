import { join } from "node:path";
import { decodeDatasetPicture, readDataset } from "@followspot/dataset";
import { scaleBox } from "./boxes.ts";
import { type StoredModel, storeModel } from "./model-store.ts";
import type { TrainingSample } from "./training-sample.ts";
import { type TrainOptions, trainUnderstudy } from "./train-understudy.ts";

/** The understudy looks at pictures of at most this size; what is sent larger is made smaller. */
export const LOOK_SIDE = 640;

export interface TrainShowOptions extends TrainOptions {
  /** The show's folder, with dataset/ in it; the model is written to models/. */
  readonly showDir: string;
}

/**
 * Trains the understudy from the show's data set and puts it in force.
 * @throws UserError naming file, line and field of what is wrong with the data set.
 */
export async function trainShow({ showDir, ...options }: TrainShowOptions): Promise<StoredModel> {
  const samples = await readSamples(join(showDir, "dataset"), (share) => {
    options.onProgress?.(share * READ_SHARE, "reading pictures");
  });
  const model = await trainUnderstudy(samples, {
    ...options,
    onProgress: (share, doing) => options.onProgress?.(READ_SHARE + share * (1 - READ_SHARE), doing),
  });
  return await storeModel(join(showDir, "models"), model);
}

const READ_SHARE = 0.1;

/** Decodes what may be trained on of a data set, at the size that the understudy looks at. */
export async function readSamples(
  datasetDir: string,
  onProgress: (share: number) => void = () => {},
): Promise<TrainingSample[]> {
  const dataset = await readDataset(datasetDir);
  const pictures = dataset.pictures.filter(({ split }) => split === undefined || split === "train");
  const samples: TrainingSample[] = [];
  for (const entry of pictures) {
    const picture = await decodeDatasetPicture(entry, { maxSide: LOOK_SIDE });
    const factor = picture.width / picture.sourceWidth;
    samples.push({
      picture,
      label: entry.label,
      // A picture without a scene may be like any other: it is a scene of its own.
      scene: entry.scene ?? entry.fileName,
      objects: entry.objects?.map(({ label, box }) => ({ label, box: scaleBox(box, factor) })),
    });
    onProgress(samples.length / pictures.length);
  }
  return samples;
}
