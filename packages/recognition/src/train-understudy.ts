import { describeSamples } from "./describe-samples.ts";
import { type FitOptions, fitUnderstudy } from "./fit-understudy.ts";
import type { UnderstudyModel } from "./model.ts";
import { describePractice } from "./practice-stage.ts";
import type { TrainingSample } from "./training-sample.ts";

export interface TrainOptions extends Omit<FitOptions, "practice"> {
  /** Called with the share that is done, 0 to 1, and a word about what is being done. */
  readonly onProgress?: (share: number, doing: string) => void;
}

/** Looks at every sample, then learns whoever is in them. @throws UserError where there is nobody to learn. */
export async function trainUnderstudy(
  samples: readonly TrainingSample[],
  { onProgress = () => {}, ...options }: TrainOptions,
): Promise<UnderstudyModel> {
  const described = await describeSamples(samples, {
    ...options,
    onProgress: (share) => onProgress(share * 0.88, "looking at pictures"),
  });
  const practice = await describePractice(samples, options);
  onProgress(0.98, "practising on made-up stages");
  const model = await fitUnderstudy(described, { ...options, practice });
  onProgress(1, "learnt");
  return model;
}
