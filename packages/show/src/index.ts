export { type CameraSource, parseCameraSource, SOURCE_RULE } from "./camera-source.ts";
export { addCastMember, castLines } from "./add-cast-member.ts";
export { parseShow, readShow } from "./read-show.ts";
export {
  type CameraConfig,
  type CascadeConfig,
  MODEL_FAMILIES,
  type ModelFamily,
  type PresenceConfig,
  type RecognizerConfig,
  type Scene,
  type Show,
  WAYS_TO_ASK,
  type WayToAsk,
} from "./show.ts";
