import { type Planes, placeOffset, REACH } from "./planes.ts";

/**
 * Decision trees that say of a pixel, from a few comparisons around it, who it is a part of. Parts are enough: a
 * puppet half behind a tree still has a face or a cape.
 *
 * A node asks whether the value at its first place is larger than that at the second by more than the threshold.
 * With the answer yes the next node is `next`, otherwise `next + 1`; where `next` is negative, the node is leaf
 * number -1 - next.
 */
export interface Forest {
  readonly trees: readonly Tree[];
  /** The labels, strangers, nobody. */
  readonly classes: number;
}

export interface Tree {
  /** NODE_NUMBERS a node: first place, second place, threshold, next. */
  readonly nodes: Int16Array;
  /** For each leaf and class a share of 255. */
  readonly leaves: Uint8Array;
}

export const NODE_NUMBERS = 4;

/** Who each pixel is a part of: one map a class, every STEP-th pixel, shares of 255. */
export interface PartMaps {
  readonly width: number;
  readonly height: number;
  readonly maps: readonly Uint8Array[];
}

export const STEP = 2;
/** After these trees, pixels that are surely nobody are not asked about further. */
const FIRST_TREES = 4;
/** Of 255, the share of somebody below which the first trees are believed. */
const SURELY_NOBODY = 30;

/** @param use which of the trees to ask; all where left out. */
export function mapParts({ trees, classes }: Forest, planes: Planes, use?: readonly number[]): PartMaps {
  const { stride, values } = planes;
  const width = Math.ceil(planes.width / STEP);
  const height = Math.ceil(planes.height / STEP);
  const maps = Array.from({ length: classes }, () => new Uint8Array(width * height));
  const prepared = (use ?? trees.map((_, index) => index)).map((index) =>
    prepareTree(trees[index] as Tree, planes),
  );
  const sums = new Int32Array(classes);
  const nobody = classes - 1;
  for (let y = 0, cell = 0; y < height; y++) {
    for (let x = 0; x < width; x++, cell++) {
      const at = (y * STEP + REACH) * stride + x * STEP + REACH;
      sums.fill(0);
      let asked = 0;
      for (let tree = 0; tree < prepared.length; tree++) {
        if (asked === FIRST_TREES && 255 * asked - (sums[nobody] as number) < SURELY_NOBODY * asked) break;
        const { steps, leaves } = prepared[tree] as PreparedTree;
        let node = 0;
        let next = steps[3] as number;
        while (next >= 0) {
          const difference =
            (values[at + (steps[node] as number)] as number) -
            (values[at + (steps[node + 1] as number)] as number);
          node = (difference > (steps[node + 2] as number) ? next : next + 1) << 2;
          next = steps[node + 3] as number;
        }
        const leaf = (-1 - next) * classes;
        for (let of = 0; of < classes; of++) sums[of] = (sums[of] as number) + (leaves[leaf + of] as number);
        asked++;
      }
      for (let of = 0; of < classes; of++) (maps[of] as Uint8Array)[cell] = (sums[of] as number) / asked;
    }
  }
  return { width, height, maps };
}

interface PreparedTree {
  /** As in a tree, but with offsets in bytes instead of places. */
  readonly steps: Int32Array;
  readonly leaves: Uint8Array;
}

function prepareTree({ nodes, leaves }: Tree, planes: Planes): PreparedTree {
  const steps = new Int32Array(nodes.length);
  for (let from = 0; from < nodes.length; from += NODE_NUMBERS) {
    steps[from] = placeOffset(nodes[from] as number, planes);
    steps[from + 1] = placeOffset(nodes[from + 1] as number, planes);
    steps[from + 2] = nodes[from + 2] as number;
    steps[from + 3] = nodes[from + 3] as number;
  }
  return { steps, leaves };
}
