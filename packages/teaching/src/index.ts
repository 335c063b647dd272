export { type AddedLesson, addLesson, type Lesson } from "./add-lesson.ts";
export { cameraFrames, type CameraFramesOptions } from "./camera-frames.ts";
export {
  type ConfusionOptions,
  type Confusions,
  describeConfusions,
  findConfusions,
  type Rival,
} from "./confusions.ts";
export { countedRefusals, REFUSALS, type Refusal } from "./refusal.ts";
export {
  type KeptFrame,
  type Offered,
  type TeachFrame,
  type TeachOptions,
  type TeachPhase,
  TeachSession,
  type TeachState,
} from "./teach-session.ts";
export { watchCamera, type WatchCameraOptions } from "./watch-camera.ts";
