import { BEDROOM } from "../scenery/backdrops.ts";
import { BEDROOM_PIECES, bed } from "./bedroom.ts";
import { LIGHTS } from "./lights.ts";
import type { Scene } from "./story.ts";

/** "What big eyes you have": Little Red at the bed of the disguised wolf; he leaps, she hides. */
export const BIG_EYES_SCENE: Scene = {
  id: "big-eyes",
  name: "What big eyes you have",
  seconds: 20,
  backdrop: BEDROOM,
  pieces: BEDROOM_PIECES,
  lights: [
    { at: 0, fade: 0, light: LIGHTS.blackout },
    { at: 0.7, fade: 1.3, light: LIGHTS.moon },
    { at: 9, fade: 1, light: LIGHTS.followRed },
    { at: 13.2, fade: 0.4, light: LIGHTS.red },
  ],
  curtain: [
    [0, 1],
    [20, 1],
  ],
  tracks: [
    bed(20),
    {
      label: "lantern",
      moments: [
        { at: 1, x: 772, y: 494, z: 18, scale: 0.62 },
        { at: 20, x: 772 },
      ],
    },
    {
      label: "wolf",
      moments: [
        { at: 0, x: 380, y: 588, view: "disguised", z: 20, scale: 0.94 },
        { at: 7, x: 380, talk: 1 },
        { at: 13, talk: 1, x: 380 },
        { at: 13.4, talk: 0, view: "front", nearArm: -60, farArm: -60, y: 540 },
        { at: 14, x: 470, y: 560, z: 28 },
        { at: 14.6, view: "side", facing: 1, nearArm: -70, farArm: 0 },
        { at: 16.6, x: 730, y: 626 },
        { at: 17, view: "front", nearArm: -30, farArm: -30, talk: 0.8 },
        { at: 20, talk: 0.8 },
      ],
    },
    {
      label: "red",
      moments: [
        { at: 1.8, x: 150, y: 630, view: "side", facing: 1, z: 33 },
        { at: 5.6, x: 600, y: 632 },
        { at: 6, view: "side", facing: -1, talk: 0.5 },
        { at: 9, view: "front", talk: 1 },
        { at: 11, view: "side", facing: -1, talk: 1 },
        { at: 13.2, talk: 0, tilt: 3 },
        { at: 13.6, view: "front", nearArm: -60, farArm: -60, tilt: 0 },
        { at: 14.2, view: "side", facing: 1, nearArm: 0, farArm: 0, x: 610 },
        { at: 16.2, x: 920, y: 616, z: 30 },
        { at: 16.6, view: "front", head: -5 },
        { at: 18.4, x: 960 },
        { at: 20, x: 1020 },
      ],
    },
    {
      label: "flowers",
      moments: [
        { at: 1.8, by: "red", x: 42, y: -70, z: 34, scale: 0.78 },
        { at: 14.2, by: "red" },
        { at: 14.3, by: "", x: 668, y: 642 },
        { at: 20, x: 668 },
      ],
    },
    {
      label: "basket",
      moments: [
        { at: 1.8, by: "red", x: -30, y: -30, z: 34.5, scale: 0.92 },
        { at: 13.6, by: "red" },
        { at: 14, by: "", x: 580, y: 640 },
        { at: 20, x: 580 },
      ],
    },
    {
      label: "bottle",
      moments: [
        { at: 1.8, by: "red", x: -30, y: -64, z: 34.2, scale: 0.66 },
        { at: 13.6, by: "red" },
        { at: 14, by: "", x: 580, y: 606 },
        { at: 20, x: 580 },
      ],
    },
  ],
};
