import { BEDROOM } from "../scenery/backdrops.ts";
import { DOOR_FLAT, NIGHT_TABLE, WARDROBE } from "../scenery/pieces.ts";
import { LIGHTS } from "./lights.ts";
import type { Piece, Scene, Track } from "./story.ts";

const PIECES: readonly Piece[] = [
  { svg: NIGHT_TABLE, x: 772, y: 604, z: 17 },
  { svg: WARDROBE, x: 1030, y: 622, z: 40 },
  { svg: DOOR_FLAT, x: 268, y: 622, z: 41, mirrored: true },
];

const bed = (seconds: number): Track => ({
  label: "bed",
  frontZ: 26,
  moments: [
    { at: 0, x: 500, y: 622, z: 17, scale: 1.18 },
    { at: seconds, x: 500 },
  ],
});

const lantern = (seconds: number): Track => ({
  label: "lantern",
  moments: [
    { at: 0, x: 772, y: 494, z: 18, scale: 0.62 },
    { at: seconds, x: 772 },
  ],
});

/** The grandmother wakes, the wolf comes, she hides behind the wardrobe, he takes her bed. */
export const EVENING_SCENE: Scene = {
  id: "grandmothers-evening",
  name: "At Grandmother's house",
  seconds: 22,
  backdrop: BEDROOM,
  pieces: PIECES,
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

/** "What big eyes you have": Little Red at the bed of the disguised wolf; he leaps, she hides. */
export const BIG_EYES_SCENE: Scene = {
  id: "big-eyes",
  name: "What big eyes you have",
  seconds: 20,
  backdrop: BEDROOM,
  pieces: PIECES,
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

/** The woodcutter drives the wolf away; everybody takes a bow. */
export const RESCUE_SCENE: Scene = {
  id: "rescue",
  name: "The woodcutter",
  seconds: 18,
  backdrop: BEDROOM,
  pieces: PIECES,
  lights: [
    { at: 0, fade: 0, light: LIGHTS.storm },
    { at: 1.8, fade: 0.8, light: LIGHTS.followWoodcutter },
    { at: 6, fade: 1.6, light: LIGHTS.warm },
  ],
  curtain: [
    [0, 1],
    [16.4, 1],
    [18, 0],
  ],
  tracks: [
    bed(18),
    lantern(18),
    {
      label: "flowers",
      moments: [
        { at: 0, x: 668, y: 642, z: 34, scale: 0.78 },
        { at: 8.4, x: 668 },
        { at: 9, by: "red", x: 40, y: -70 },
        { at: 18, by: "red" },
      ],
    },
    {
      label: "basket",
      moments: [
        { at: 0, x: 580, y: 640, z: 34.5, scale: 0.92 },
        { at: 18, x: 580 },
      ],
    },
    {
      label: "bottle",
      moments: [
        { at: 0, x: 580, y: 606, z: 34.2, scale: 0.66 },
        { at: 18, x: 580 },
      ],
    },
    {
      label: "wolf",
      moments: [
        { at: 0, x: 730, y: 626, view: "front", nearArm: -30, farArm: -30, z: 28, scale: 0.94 },
        { at: 1.2, view: "side", facing: -1, nearArm: 0, farArm: 0 },
        { at: 3, x: 770, tilt: 4, head: 6 },
        { at: 3.8, view: "side", facing: 1, head: 0, tilt: 0, x: 780 },
        { at: 5.2, x: 900, y: 640 },
        { at: 6.2, x: 930, y: 1030 },
      ],
    },
    {
      label: "woodcutter",
      moments: [
        { at: 0.2, x: 140, y: 628, view: "side", facing: 1, z: 32, scale: 0.94 },
        { at: 2.6, x: 460, y: 632 },
        { at: 3, talk: 1, farArm: -50 },
        { at: 5.4, talk: 0.2, farArm: 0, x: 500 },
        { at: 6, view: "front" },
        { at: 8.6, view: "front", x: 500 },
        { at: 11.6, x: 470, y: 626 },
        { at: 12.4, head: 0, tilt: 0 },
        { at: 13, head: 14, tilt: 3 },
        { at: 13.8, head: 0, tilt: 0 },
        { at: 14.6, head: 14, tilt: -3 },
        { at: 15.4, head: 0, tilt: 0 },
        { at: 18, x: 470 },
      ],
    },
    {
      label: "axe",
      moments: [
        { at: 0.2, by: "woodcutter", x: -60, y: -74, z: 33.2, scale: 0.9, facing: -1, tilt: -6 },
        { at: 18, by: "woodcutter" },
      ],
    },
    {
      label: "grandmother",
      moments: [
        { at: 0, x: 1030, y: 606, z: 29, scale: 0.98, view: "side", facing: -1 },
        { at: 6.6, x: 1030 },
        { at: 8.6, x: 850, y: 622 },
        { at: 9, view: "front", talk: 1 },
        { at: 11.4, talk: 0 },
        { at: 12.4, head: 0 },
        { at: 13, head: 14, tilt: -3 },
        { at: 13.8, head: 0, tilt: 0 },
        { at: 14.6, head: 14, tilt: 3 },
        { at: 15.4, head: 0, tilt: 0 },
        { at: 18, x: 850 },
      ],
    },
    {
      label: "red",
      moments: [
        { at: 0, x: 1020, y: 616, z: 30, view: "side", facing: -1 },
        { at: 5.6, x: 1020 },
        { at: 8, x: 690, y: 630 },
        { at: 8.4, view: "front", talk: 1 },
        { at: 11.6, talk: 0 },
        { at: 12.4, head: 0 },
        { at: 13, head: 14, tilt: 3 },
        { at: 13.8, head: 0, tilt: 0 },
        { at: 14.6, head: 14, tilt: -3 },
        { at: 15.4, head: 0, tilt: 0 },
        { at: 18, x: 690 },
      ],
    },
    {
      label: "mother",
      moments: [
        { at: 7, x: 130, y: 624, view: "side", facing: 1, z: 31, scale: 0.98 },
        { at: 9.6, x: 310 },
        { at: 10, view: "front", talk: 1 },
        { at: 12, talk: 0 },
        { at: 13, head: 14, tilt: -3 },
        { at: 13.8, head: 0, tilt: 0 },
        { at: 14.6, head: 14, tilt: 3 },
        { at: 15.4, head: 0, tilt: 0 },
        { at: 18, x: 310 },
      ],
    },
    {
      label: "cake",
      moments: [
        { at: 7, by: "mother", x: 44, y: -104, z: 34, scale: 0.86 },
        { at: 12, by: "mother" },
        { at: 12.1, by: "mother", x: 10, y: -100 },
        { at: 18, by: "mother" },
      ],
    },
    {
      label: "bird",
      moments: [
        { at: 7.6, x: 60, y: 240, view: "side", facing: 1, z: 35, scale: 0.95 },
        { at: 10.4, x: 590, y: 300 },
        { at: 10.8, view: "front", talk: 1 },
        { at: 18, talk: 1 },
      ],
    },
  ],
};
