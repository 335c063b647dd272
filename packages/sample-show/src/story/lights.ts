import type { StageLight } from "./story.ts";

const noLamps = { lamps: [] } as const;

/** The lights of the show by name. None of them occurs in the data set. */
export const LIGHTS = {
  warm: {
    name: "warm",
    ambient: [0.74, 0.66, 0.53],
    lamps: [{ x: 640, y: 420, radius: 700, colour: [0.36, 0.31, 0.22] }],
    house: 0.42,
  },
  morning: {
    name: "forest-morning",
    ambient: [0.62, 0.72, 0.74],
    lamps: [{ x: 420, y: 260, radius: 620, colour: [0.34, 0.36, 0.24] }],
    house: 0.34,
  },
  amber: {
    name: "amber",
    ambient: [0.62, 0.4, 0.22],
    lamps: [{ x: 1000, y: 330, radius: 720, colour: [0.48, 0.26, 0.06] }],
    house: 0.28,
  },
  night: {
    name: "night-blue",
    ambient: [0.11, 0.17, 0.36],
    lamps: [{ x: 640, y: 380, radius: 720, colour: [0.09, 0.13, 0.24] }],
    house: 0.11,
  },
  candle: {
    name: "candle",
    ambient: [0.36, 0.28, 0.19],
    lamps: [{ x: 480, y: 420, radius: 560, colour: [0.56, 0.38, 0.17] }],
    house: 0.2,
  },
  red: {
    name: "red-gel",
    ambient: [0.56, 0.1, 0.08],
    lamps: [{ x: 520, y: 400, radius: 640, colour: [0.44, 0.09, 0.05] }],
    house: 0.14,
  },
  moon: {
    name: "moonlight",
    ambient: [0.2, 0.26, 0.42],
    lamps: [{ x: 790, y: 330, radius: 520, colour: [0.26, 0.32, 0.4] }],
    house: 0.14,
  },
  storm: { name: "cold-white", ambient: [0.7, 0.78, 0.92], ...noLamps, house: 0.31 },
  followRed: {
    name: "spotlight",
    ambient: [0.1, 0.1, 0.13],
    lamps: [{ x: 640, y: 430, radius: 330, colour: [0.82, 0.8, 0.7], follow: "red" }],
    house: 0.1,
  },
  followWoodcutter: {
    name: "spotlight",
    ambient: [0.1, 0.1, 0.13],
    lamps: [{ x: 440, y: 430, radius: 360, colour: [0.86, 0.82, 0.7], follow: "woodcutter" }],
    house: 0.1,
  },
  blackout: { name: "blackout", ambient: [0.0006, 0.0006, 0.0009], ...noLamps, house: 0.0006 },
} as const satisfies Record<string, StageLight>;
