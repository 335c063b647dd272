import { join } from "node:path";
import { type DatasetPicture, decodeDatasetPicture, readDataset, scaleBox } from "@followspot/dataset";
import { keepOnnxNetwork, openOnnxEye } from "./onnx-eye.ts";
import { type PromotedModel, promoteModel } from "./promote-model.ts";
import type { TrainingSample } from "./training-sample.ts";
import { type TrainOptions, trainUnderstudy } from "./train-understudy.ts";

/** The understudy looks at pictures of at most this size; what is sent larger is made smaller. */
export const LOOK_SIDE = 640;

export interface TrainShowOptions extends Omit<TrainOptions, "eye"> {
  /** The show's folder, with dataset/ in it; the model is written to models/. */
  readonly showDir: string;
  /** Puts the new model in force even if it does worse on the golden set than the one before. */
  readonly force?: boolean;
  /** An ONNX network of the user's that takes the place of our own; a copy of it is kept beside the model. */
  readonly backbone?: string;
}

/**
 * Trains the understudy from the show's data set and puts it in force, unless the golden set speaks against it.
 * @throws UserError naming file, line and field of what is wrong with the data set.
 */
export async function trainShow({
  showDir,
  force = false,
  backbone,
  ...options
}: TrainShowOptions): Promise<PromotedModel> {
  const modelsDir = join(showDir, "models");
  // Opened first: whether it can be run should be said before minutes of work.
  const eye = backbone === undefined ? undefined : await openOnnxEye(backbone);
  const samples = await readSamples(join(showDir, "dataset"), (share) => {
    options.onProgress?.(share * READ_SHARE, "reading pictures");
  });
  const model = await trainUnderstudy(samples, {
    ...options,
    ...(eye ? { eye } : {}),
    onProgress: (share, doing) => options.onProgress?.(READ_SHARE + share * (1 - READ_SHARE), doing),
  });
  if (eye) await keepOnnxNetwork(eye, modelsDir);
  return await promoteModel(modelsDir, model, {
    golden: await readGolden(join(showDir, "dataset")),
    force,
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

const READ_SHARE = 0.1;

/** Decodes what may be trained on of a data set, at the size that the understudy looks at. */
export async function readSamples(
  datasetDir: string,
  onProgress: (share: number) => void = () => {},
): Promise<TrainingSample[]> {
  return await decodeSamples(datasetDir, ({ split }) => split === undefined || split === "train", onProgress);
}

/** Decodes the golden pictures of a data set: for judging, never for training. */
export async function readGolden(datasetDir: string): Promise<TrainingSample[]> {
  return await decodeSamples(datasetDir, ({ split }) => split === "golden");
}

async function decodeSamples(
  datasetDir: string,
  wanted: (entry: DatasetPicture) => boolean,
  onProgress: (share: number) => void = () => {},
): Promise<TrainingSample[]> {
  const dataset = await readDataset(datasetDir);
  const pictures = dataset.pictures.filter(wanted);
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
