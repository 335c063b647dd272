import { COTTAGE } from "../scenery/backdrops.ts";
import { DOOR_FLAT, TABLE } from "../scenery/pieces.ts";
import { LIGHTS } from "./lights.ts";
import type { Scene } from "./story.ts";

/** Mother packs the basket; Little Red comes in, takes it and leaves through the door. */
export const COTTAGE_SCENE: Scene = {
  id: "cottage",
  name: "At Mother's cottage",
  seconds: 24,
  backdrop: COTTAGE,
  pieces: [
    { svg: TABLE, x: 440, y: 622, z: 25 },
    { svg: DOOR_FLAT, x: 1012, y: 622, z: 40 },
  ],
  lights: [
    { at: 0, fade: 0, light: LIGHTS.warm },
    { at: 21.4, fade: 0.9, light: LIGHTS.blackout },
  ],
  curtain: [
    [0, 0],
    [1.4, 1],
    [24, 1],
  ],
  tracks: [
    {
      label: "mother",
      moments: [
        { at: 0, x: 440, y: 600, z: 20, scale: 0.98, talk: 0 },
        { at: 1.6, talk: 1, head: 0 },
        { at: 4, talk: 0.6, head: -4 },
        { at: 6, talk: 0, head: 0 },
        { at: 6.4, view: "side", facing: 1 },
        { at: 8.2, x: 640, y: 616 },
        { at: 8.6, view: "back", nearArm: -10 },
        { at: 10, view: "side", facing: 1, nearArm: -35 },
        { at: 11.4, nearArm: -50 },
        { at: 12.4, nearArm: 0, view: "front", talk: 1 },
        { at: 15.4, talk: 0.5, head: 3 },
        { at: 17, talk: 0, head: 0, view: "side", facing: 1 },
        { at: 18, x: 700, farArm: -110 },
        { at: 18.5, farArm: -80 },
        { at: 19, farArm: -115 },
        { at: 19.5, farArm: -85 },
        { at: 20, farArm: -115 },
        { at: 20.6, farArm: 0 },
        { at: 24, x: 700 },
      ],
    },
    {
      label: "red",
      moments: [
        { at: 2.4, x: 1130, y: 618, view: "side", facing: -1, z: 30, scale: 1 },
        { at: 3, x: 1130 },
        { at: 5.6, x: 830, y: 626 },
        { at: 6, view: "front", talk: 0.8 },
        { at: 8, talk: 0, view: "side", facing: -1 },
        { at: 11.2, nearArm: -42, x: 820 },
        { at: 12, nearArm: -20 },
        { at: 12.6, view: "front", nearArm: 0 },
        { at: 14, talk: 1, head: 4 },
        { at: 15.8, talk: 0, head: 0 },
        { at: 16.2, view: "side", facing: 1 },
        { at: 18, x: 930, y: 620 },
        { at: 18.4, view: "front", farArm: -95 },
        { at: 19.2, farArm: -60 },
        { at: 19.6, view: "side", facing: 1, farArm: 0 },
        { at: 21.2, x: 1110 },
      ],
    },
    {
      label: "basket",
      moments: [
        { at: 0, x: 590, y: 634, z: 31, scale: 0.92 },
        { at: 9.6, x: 590 },
        { at: 10, by: "mother", x: 46, y: -96 },
        { at: 11.8, by: "mother" },
        { at: 11.9, by: "red", x: 44, y: -34 },
        { at: 21.2, by: "red" },
      ],
    },
    {
      label: "bottle",
      moments: [
        { at: 0, x: 500, y: 506, z: 26, scale: 0.66 },
        { at: 8.8, x: 500 },
        { at: 9.6, x: 596, y: 580, z: 30.5 },
        { at: 10, by: "mother", x: 46, y: -130 },
        { at: 11.8, by: "mother" },
        { at: 11.9, by: "red", x: 44, y: -68 },
        { at: 21.2, by: "red" },
      ],
    },
    {
      label: "cake",
      moments: [
        { at: 0, x: 386, y: 508, z: 26, scale: 0.86 },
        { at: 24, x: 386 },
      ],
    },
  ],
};
