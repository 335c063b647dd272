import { describeSamples } from "./describe-samples.ts";
import { type FitOptions, fitUnderstudy } from "./fit-understudy.ts";
import type { UnderstudyModel } from "./model.ts";
import type { TrainingSample } from "./training-sample.ts";

export interface TrainOptions extends FitOptions {
  /** Called with the share that is done, 0 to 1, and a word about what is being done. */
  readonly onProgress?: (share: number, doing: string) => void;
}

/** Looks at every sample, then learns whoever is in them. @throws UserError where there is nobody to learn. */
export async function trainUnderstudy(
  samples: readonly TrainingSample[],
  { seed, eye, signal, onProgress = () => {} }: TrainOptions,
): Promise<UnderstudyModel> {
  const described = await describeSamples(samples, {
    ...(eye ? { eye } : {}),
    ...(signal ? { signal } : {}),
    onProgress: (share) => onProgress(share * 0.98, "looking at pictures"),
  });
  const model = await fitUnderstudy(described, {
    seed,
    ...(eye ? { eye } : {}),
    ...(signal ? { signal } : {}),
  });
  onProgress(1, "learnt");
  return model;
}
