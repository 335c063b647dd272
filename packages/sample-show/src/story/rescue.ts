import { BEDROOM } from "../scenery/backdrops.ts";
import { BEDROOM_PIECES, bed, lantern } from "./bedroom.ts";
import { LIGHTS } from "./lights.ts";
import type { Scene } from "./story.ts";

/** The woodcutter drives the wolf away; everybody takes a bow. */
export const RESCUE_SCENE: Scene = {
  id: "rescue",
  name: "The woodcutter",
  seconds: 18,
  backdrop: BEDROOM,
  pieces: BEDROOM_PIECES,
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
        { at: 11.6, x: 486, y: 626 },
        { at: 12.4, head: 0, tilt: 0 },
        { at: 13, head: 14, tilt: 3 },
        { at: 13.8, head: 0, tilt: 0 },
        { at: 14.6, head: 14, tilt: -3 },
        { at: 15.4, head: 0, tilt: 0 },
        { at: 18, x: 486 },
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
        { at: 8.6, x: 818, y: 622 },
        { at: 9, view: "front", talk: 1 },
        { at: 11.4, talk: 0 },
        { at: 12.4, head: 0 },
        { at: 13, head: 14, tilt: -3 },
        { at: 13.8, head: 0, tilt: 0 },
        { at: 14.6, head: 14, tilt: 3 },
        { at: 15.4, head: 0, tilt: 0 },
        { at: 18, x: 818 },
      ],
    },
    {
      label: "red",
      moments: [
        { at: 0, x: 1020, y: 616, z: 30, view: "side", facing: -1 },
        { at: 5.6, x: 1020 },
        { at: 8, x: 664, y: 630 },
        { at: 8.4, view: "front", talk: 1 },
        { at: 11.6, talk: 0 },
        { at: 12.4, head: 0 },
        { at: 13, head: 14, tilt: 3 },
        { at: 13.8, head: 0, tilt: 0 },
        { at: 14.6, head: 14, tilt: -3 },
        { at: 15.4, head: 0, tilt: 0 },
        { at: 18, x: 664 },
      ],
    },
    {
      label: "mother",
      moments: [
        { at: 7, x: 130, y: 624, view: "side", facing: 1, z: 31, scale: 0.98 },
        { at: 9.6, x: 346 },
        { at: 10, view: "front", talk: 1 },
        { at: 12, talk: 0 },
        { at: 13, head: 14, tilt: -3 },
        { at: 13.8, head: 0, tilt: 0 },
        { at: 14.6, head: 14, tilt: 3 },
        { at: 15.4, head: 0, tilt: 0 },
        { at: 18, x: 346 },
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
        { at: 7.6, x: 60, y: 240, view: "side", facing: 1, z: 18, scale: 0.95 },
        { at: 10.4, x: 590, y: 300 },
        { at: 10.8, view: "front", talk: 1 },
        { at: 18, talk: 1 },
      ],
    },
  ],
};
