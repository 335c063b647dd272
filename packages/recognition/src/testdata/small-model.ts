import { ownNetworksVersion } from "@followspot/backbone";
import type { UnderstudyModel } from "../model.ts";

/** Who is like the first direction is "red". */
export function smallModel(): UnderstudyModel {
  const direction = (at: number) => Float32Array.from({ length: 320 }, (_, place) => Number(place === at));
  return {
    labels: ["red"],
    centre: direction(1),
    known: [{ prototype: direction(0), weights: direction(0), trust: 0.5 }],
    seed: 1,
    backbone: ownNetworksVersion(),
    calibration: [{ slope: 2, leadSlope: 1, offset: -3 }],
    pictures: 4,
    accuracy: { top1: 0.9, low: 0.8, high: 1, subjects: 10, scenes: 3 },
  };
}
