export {
  calibrate,
  type CalibrateOptions,
  type CalibrationReport,
  modelsDirOf,
} from "./calibrate/calibrate.ts";
export { evaluate, type EvaluateOptions } from "./evaluate.ts";
export type { EvaluationReport, Goal, PictureReport, RecognizerReport } from "./evaluation-report.ts";
export { PROTOCOLS, type Protocol } from "./exam/folds.ts";
export { formatEvaluation } from "./format-evaluation.ts";
export { renderEvaluation } from "./html/render-evaluation.ts";
export { type PreviousRun, readPreviousRun } from "./previous-run.ts";
export { bootstrapByScene, type Interval, wilson } from "./statistics/interval.ts";
export { mcnemarExact } from "./statistics/mcnemar.ts";
