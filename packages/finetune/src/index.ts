export { type HoldOut, holdOut } from "./hold-out.ts";
export { findLookAlikes } from "./look-alikes.ts";
export { type FinetuneEnd, type FinetuneOptions, runFinetune } from "./run-finetune.ts";
export { maskSubject, type SubjectMask } from "./subject-mask.ts";
export { type FramedPicture, swapBackground } from "./swap-background.ts";
export {
  TRAINING_SET_FORMAT,
  type TrainingBox,
  type TrainingPicture,
  type TrainingSetHead,
} from "./training-set.ts";
export { type TrainingSetReport, type TrainingSetRequest, writeTrainingSet } from "./write-training-set.ts";
