export { type CameraSource, parseCameraSource, SOURCE_RULE } from "./camera-source.ts";
export { addCastMember, castLines } from "./add-cast-member.ts";
export { parseShow, readShow } from "./read-show.ts";
export type { CameraConfig, PresenceConfig, RecognizerConfig, Scene, Show } from "./show.ts";
