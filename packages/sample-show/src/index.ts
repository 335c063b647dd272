export { CAST } from "./cast.ts";
export { DATASET_SEED, type DatasetLine, writeSampleDataset } from "./dataset/write-sample-dataset.ts";
export { type GroundTruth, groundTruth, ON_STAGE_FROM, timeline, type TruthSecond } from "./ground-truth.ts";
export { type FrameSize, renderFrame, renderFrameRgb, ShowRenderer } from "./render-frame.ts";
export { DURATION_MS, type SceneInfo, SCENES } from "./story/scenes.ts";
export type { Visible } from "./visibility.ts";
