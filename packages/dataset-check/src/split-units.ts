import type { DatasetPicture } from "@followspot/dataset";
import { Groups } from "./groups.ts";
import type { NearPair } from "./near-duplicates.ts";

/**
 * What may not be torn apart: pictures of one scene, and what may be one shot. A picture without a scene is a unit of
 * its own.
 * @returns one number a picture: the index of the first picture of its unit.
 */
export function unitsOf(pictures: readonly DatasetPicture[], pairs: readonly NearPair[]): number[] {
  const groups = new Groups(pictures.length);
  const firstOf = new Map<string, number>();
  for (const [index, { scene }] of pictures.entries()) {
    if (scene === undefined) continue;
    const first = firstOf.get(scene);
    if (first === undefined) firstOf.set(scene, index);
    else groups.join(first, index);
  }
  for (const { one, other, by } of pairs) {
    // Two crops of one shot show the same subject. Different ones that look alike may be parted.
    if (by !== "look" || pictures[one]?.label === pictures[other]?.label) groups.join(one, other);
  }
  return pictures.map((_, index) => groups.of(index));
}
