export { SceneBoard } from "./scene-board.ts";
export { SceneFollower } from "./scene-follower.ts";
