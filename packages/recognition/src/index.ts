export {
  type BackgroundChange,
  BackgroundModel,
  type BackgroundOptions,
} from "./background-model.ts";
export { type AnnotateOptions, drawAnnotations } from "./draw-annotations.ts";
export { type DescribedSample, describeSamples } from "./describe-samples.ts";
export { embedCrop } from "./embed-crop.ts";
export { type Eye, eyeOf, ownEye, type Recognizer } from "./eye.ts";
export { onnxFileOf, openOnnxEye } from "./onnx-eye.ts";
export { fitUnderstudy } from "./fit-understudy.ts";
export { type BoxProposal, proposeBoxes } from "./propose-boxes.ts";
export type { Accuracy, Calibration, UnderstudyModel } from "./model.ts";
export { decodeModel, encodeModel, modelVersion } from "./model-file.ts";
export { describeAccuracy, loadCurrentModel, NoModel, type StoredModel, storeModel } from "./model-store.ts";
export {
  openUnderstudy,
  type PictureRecognition,
  recognizeFile,
  type Understudy,
} from "./open-understudy.ts";
export {
  type RecognizedLabel,
  type Recognition,
  recognizeCrop,
  recognizeDescribed,
  recognizePixels,
} from "./recognize.ts";
export type { TrainingSample } from "./training-sample.ts";
export {
  compareOnGolden,
  type GoldenComparison,
  isRight,
  judgeGolden,
} from "./judge-golden.ts";
export { type HistoryEntry, readHistory } from "./model-history.ts";
export { type PromotedModel, promoteModel, type Promotion } from "./promote-model.ts";
export { type KnownModel, listModels, rollBack } from "./roll-back.ts";
export { chanceOfLosing } from "./sign-test.ts";
export { LOOK_SIDE, readGolden, readSamples, trainShow, type TrainShowOptions } from "./train-show.ts";
export { type TrainOptions, trainUnderstudy } from "./train-understudy.ts";
export { dot } from "./vectors.ts";
