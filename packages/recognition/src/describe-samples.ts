import { recognizePixels, type Recognition } from "./recognize.ts";
import type { UnderstudyModel } from "./model.ts";
import { trainUnderstudy, type TrainOptions } from "./train-understudy.ts";
import type { TrainingSample } from "./training-sample.ts";

/**
 * A picture with everything that can be said of it before anybody is learnt. Describing takes most of the time of
 * training; whoever trains again and again on parts of one data set (leave-one-out) describes once.
 */
export interface DescribedSample {
  readonly label: string;
  readonly scene: string;
  readonly sample: TrainingSample;
}

export async function describeSamples(
  samples: readonly TrainingSample[],
  _options: { readonly onProgress?: (share: number) => void; readonly signal?: AbortSignal } = {},
): Promise<DescribedSample[]> {
  return samples.map((sample) => ({ label: sample.label, scene: sample.scene, sample }));
}

/** Learns whoever is in the samples. @throws UserError where there is nobody to learn. */
export async function fitUnderstudy(
  described: readonly DescribedSample[],
  options: TrainOptions,
): Promise<UnderstudyModel> {
  return await trainUnderstudy(
    described.map(({ sample }) => sample),
    options,
  );
}

/** As recognizePixels, without describing the picture again. */
export function recognizeDescribed(
  model: UnderstudyModel,
  { sample }: DescribedSample,
  wanted?: readonly string[],
): Recognition {
  return recognizePixels(model, sample.picture, wanted);
}
