export type { Proposer } from "./asking/propose.ts";
export {
  type Calibration,
  type CalibrationLine,
  type CalibrationWanted,
  calibrated,
  calibrationHash,
  readCalibration,
  writeCalibration,
} from "./calibration/calibration-file.ts";
export type { Engine } from "./engine/engine.ts";
export type { EngineAnswer } from "./engine/engine-answer.ts";
export type { EngineQuestion } from "./engine/engine-request.ts";
export { LanguageEngine, type LanguageEngineOptions } from "./engine/language-engine.ts";
export type { Constraint, Sampling } from "./engine/sampling.ts";
export { type Evidence, fitCalibration, type FittedLines } from "./calibration/fit-calibration.ts";
export { FAMILIES, type FamilyProfile } from "./family.ts";
export { type FittedPicture, fitPicture } from "./pictures/fit-picture.ts";
export { type PictureSize, type ResizeLimits, smartResize, tokensOf } from "@followspot/dataset";
export { CHAT_TEMPLATE, type ChatPart, chatPrompt, PICTURE } from "./prompt/chat.ts";
export { plainText } from "./prompt/plain-text.ts";
export { PromptBook, promptVersion, type SystemPrompt } from "./prompt/prompt-book.ts";
export { NO, QUESTIONS, scoreQuestion, verifyQuestion, YES } from "./prompt/questions.ts";
export { systemText } from "./prompt/system-text.ts";
export { READINGS, type Reading } from "./reading/reading.ts";
export type {
  ReadingOrNot,
  VisionQuestion,
  VisionRecognition,
  VisionRecognizerOptions,
} from "./vision-question.ts";
export { openVisionRecognizer, VisionRecognizer } from "./vision-recognizer.ts";
