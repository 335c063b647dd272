import { FOREST } from "../scenery/backdrops.ts";
import { BUSH, OAK } from "../scenery/pieces.ts";
import { LIGHTS } from "./lights.ts";
import type { Scene } from "./story.ts";

/** The wolf meets Little Red; she picks flowers behind the bush; dusk comes, and the woodcutter with his lantern. */
export const FOREST_SCENE: Scene = {
  id: "forest",
  name: "In the forest",
  seconds: 34,
  backdrop: FOREST,
  pieces: [
    { svg: OAK, x: 850, y: 628, z: 40 },
    { svg: BUSH, x: 250, y: 640, z: 40, scale: 1.1 },
  ],
  lights: [
    { at: 0, fade: 0, light: LIGHTS.blackout },
    { at: 0.6, fade: 1.4, light: LIGHTS.morning },
    { at: 23, fade: 3, light: LIGHTS.amber },
    { at: 27.5, fade: 2, light: LIGHTS.night },
  ],
  curtain: [
    [0, 1],
    [32.4, 1],
    [34, 0],
  ],
  tracks: [
    {
      label: "bird",
      moments: [
        { at: 1.2, x: 60, y: 250, view: "side", facing: 1, z: 18, scale: 0.95, nearArm: -20, farArm: 20 },
        { at: 4.4, x: 560, y: 330, tilt: 3 },
        { at: 4.8, view: "front", tilt: 0, nearArm: 0, farArm: 0, talk: 1 },
        { at: 8, talk: 0.3, x: 560, y: 340 },
        { at: 10, view: "back", talk: 0 },
        { at: 11.4, view: "front", talk: 1 },
        { at: 15, talk: 0.4, x: 560, y: 330 },
        { at: 18, view: "side", facing: 1, talk: 0, x: 560, y: 330 },
        { at: 21.4, x: 1260, y: 240 },
      ],
    },
    {
      label: "red",
      moments: [
        { at: 2, x: 40, y: 622, view: "side", facing: 1, z: 30 },
        { at: 6.6, x: 440, y: 630 },
        { at: 7, view: "front", talk: 1 },
        { at: 9.6, talk: 0, head: -4 },
        { at: 10.8, view: "side", facing: 1, head: 0 },
        { at: 13, talk: 0.6 },
        { at: 15.6, talk: 0, view: "front" },
        { at: 16.8, view: "side", facing: -1 },
        { at: 18.4, x: 476, y: 618 },
        { at: 19, view: "back", head: 6, nearArm: 14 },
        { at: 20.6, head: 0, nearArm: 0, view: "side", facing: -1, x: 476 },
        { at: 22.2, x: 250, y: 616 },
        { at: 22.5, view: "front" },
        { at: 24.6, x: 250 },
        { at: 25, view: "side", facing: 1 },
        { at: 26.6, x: 520, y: 622 },
        { at: 27, view: "front", talk: 0.8 },
        { at: 28, talk: 0, view: "side", facing: 1, x: 520 },
        { at: 32, x: 1240 },
      ],
    },
    {
      label: "basket",
      moments: [
        { at: 2, by: "red", x: 40, y: -34, z: 31, scale: 0.92 },
        { at: 18.6, by: "red" },
        { at: 18.7, by: "", x: 600, y: 638 },
        { at: 26.2, x: 600 },
        { at: 26.6, by: "red", x: 40, y: -34 },
        { at: 32, by: "red" },
      ],
    },
    {
      label: "bottle",
      moments: [
        { at: 2, by: "red", x: 40, y: -68, z: 30.5, scale: 0.66 },
        { at: 18.6, by: "red" },
        { at: 18.7, by: "", x: 600, y: 604 },
        { at: 26.2, x: 600 },
        { at: 26.6, by: "red", x: 40, y: -68 },
        { at: 32, by: "red" },
      ],
    },
    {
      label: "flowers",
      moments: [
        { at: 0, x: 520, y: 644, z: 35, scale: 0.82 },
        { at: 19.6, x: 520 },
        { at: 20.4, by: "red", x: 40, y: -64, z: 32 },
        { at: 32, by: "red" },
      ],
    },
    {
      label: "wolf",
      moments: [
        { at: 3, x: 850, y: 616, view: "side", facing: -1, z: 22, scale: 0.94 },
        { at: 5, x: 850 },
        { at: 6, x: 786, tilt: -3 },
        { at: 7.4, x: 786 },
        { at: 8, x: 850, tilt: 0 },
        { at: 9.6, x: 850 },
        { at: 11.2, x: 650, y: 622 },
        { at: 11.6, view: "front", talk: 1 },
        { at: 14, view: "side", facing: -1, talk: 0.6 },
        { at: 15.4, talk: 0, nearArm: -75 },
        { at: 17, nearArm: -80 },
        { at: 17.6, nearArm: 0, view: "front", head: 5 },
        { at: 18.8, head: 0, view: "side", facing: 1, x: 650 },
        { at: 22.6, x: 1270 },
      ],
    },
    {
      label: "woodcutter",
      moments: [
        { at: 27.4, x: 30, y: 616, view: "side", facing: 1, z: 24, scale: 0.94 },
        { at: 31, x: 430, y: 622 },
        { at: 31.3, view: "front", head: -4 },
        { at: 34, head: 4 },
      ],
    },
    {
      label: "lantern",
      moments: [
        { at: 27.4, by: "woodcutter", x: 62, y: -50, z: 33, scale: 0.72 },
        { at: 34, by: "woodcutter" },
      ],
    },
    {
      label: "axe",
      moments: [
        { at: 27.4, by: "woodcutter", x: -64, y: -74, z: 26, scale: 0.9, facing: -1, tilt: -6 },
        { at: 34, by: "woodcutter" },
      ],
    },
  ],
};
