import type { UnderstudyModel } from "../model.ts";
import { PALETTE_NUMBERS } from "../palette.ts";
import { ZERO_PLACE } from "../planes.ts";

/** A model of one tree with one question: reddish pixels are "red", the others nobody. */
export function smallModel(): UnderstudyModel {
  return {
    labels: ["red"],
    seed: 1,
    forest: {
      classes: 3,
      trees: [
        {
          // 181: the middle of the red plane.
          nodes: Int16Array.from([181, ZERO_PLACE, 160, 1, 0, 0, 0, -1, 0, 0, 0, -2]),
          leaves: Uint8Array.from([200, 0, 55, 0, 0, 255]),
        },
      ],
    },
    gauges: [
      { on: 150, off: 5 },
      { on: 60, off: 8 },
    ],
    palettes: [[new Uint8Array(PALETTE_NUMBERS).fill(12)], []],
    aspects: [[0.5, 1], [1]],
    sizePower: 0.2,
    calibration: [
      { slope: 2, offset: -3 },
      { slope: 0.2, offset: -4 },
    ],
    pictures: 4,
    accuracy: { top1: 0.9, low: 0.8, high: 1, subjects: 10, scenes: 3 },
  };
}
