import { BEDROOM } from "../scenery/backdrops.ts";
import { BEDROOM_PIECES, bed, lantern } from "./bedroom.ts";
import { LIGHTS } from "./lights.ts";
import type { Scene } from "./story.ts";

/** The grandmother wakes, the wolf comes, she hides behind the wardrobe, he takes her bed. */
export const EVENING_SCENE: Scene = {
  id: "grandmothers-evening",
  name: "At Grandmother's house",
  seconds: 22,
  backdrop: BEDROOM,
  pieces: BEDROOM_PIECES,
  lights: [
    { at: 0, fade: 0, light: LIGHTS.candle },
    { at: 9.6, fade: 1.4, light: LIGHTS.red },
    { at: 16.4, fade: 1.2, light: LIGHTS.night },
    { at: 19.2, fade: 0.5, light: LIGHTS.blackout },
  ],
  curtain: [
    [0, 0],
    [1.4, 1],
    [22, 1],
  ],
  tracks: [
    bed(22),
    lantern(18.8),
    {
      label: "grandmother",
      moments: [
        { at: 0, x: 372, y: 590, z: 20, scale: 0.98, tilt: -3 },
        { at: 2, talk: 1 },
        { at: 5, talk: 0.3, head: 5 },
        { at: 6.4, talk: 0, head: 0, tilt: 0 },
        { at: 6.8, view: "side", facing: 1, x: 372 },
        { at: 9.4, x: 720, y: 612, z: 28 },
        { at: 9.8, view: "front", talk: 0.7 },
        { at: 11.2, talk: 0, view: "side", facing: -1, head: -4 },
        { at: 12, view: "back", head: 0, x: 720 },
        { at: 13.8, x: 1030, y: 606 },
        { at: 22, x: 1030 },
      ],
    },
    {
      label: "wolf",
      moments: [
        { at: 8.4, x: 160, y: 622, view: "side", facing: 1, z: 34, scale: 0.94 },
        { at: 9.4, x: 226, tilt: 3 },
        { at: 10.4, x: 226 },
        { at: 12.6, x: 460, y: 628, tilt: 0 },
        { at: 13, view: "front", talk: 1 },
        { at: 15, talk: 0.2, view: "back" },
        { at: 15.8, view: "side", facing: 1, talk: 0, x: 460 },
        { at: 16.8, x: 640 },
        { at: 17.1, view: "front", nearArm: -30, farArm: -30 },
        { at: 18.2, nearArm: 0, farArm: 0, view: "side", facing: -1, x: 640 },
        { at: 19.6, x: 480, y: 610, z: 20 },
        { at: 20.4, view: "disguised", facing: 1, x: 380, y: 588 },
        { at: 22, x: 380 },
      ],
    },
  ],
};
