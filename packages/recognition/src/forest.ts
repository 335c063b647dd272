import { type Planes, placeOffset, REACH, ZERO_PLACE } from "./planes.ts";

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

export const STEP = 3;
/** After these trees, pixels that are surely nobody are not asked about further. */
const FIRST_TREES = 4;
/** Of 255, the share of somebody below which the first trees are believed. */
const SURELY_NOBODY = 30;

/** @param use which of the trees to ask; all where left out. */
export function mapParts({ trees, classes }: Forest, planes: Planes, use?: readonly number[]): PartMaps {
  const width = Math.ceil(planes.width / STEP);
  const height = Math.ceil(planes.height / STEP);
  const cells = width * height;
  const sums = new Uint16Array(cells * classes);
  const asked = new Uint8Array(cells);
  const offsets = Int32Array.from({ length: ZERO_PLACE + 1 }, (_, place) => placeOffset(place, planes));
  const chosen = use ?? trees.map((_, index) => index);
  // Tree by tree, not cell by cell: one tree fits into the processor's cache, all of them do not.
  for (const [turn, index] of chosen.entries()) {
    const tree = trees[index];
    if (!tree) continue;
    if (turn === FIRST_TREES) dropNobody(sums, asked, classes);
    askTree(prepareTree(tree, offsets), planes, { width, height, classes, sums, asked, turn });
  }
  const maps = Array.from({ length: classes }, () => new Uint8Array(cells));
  for (let cell = 0, from = 0; cell < cells; cell++, from += classes) {
    const count = (asked[cell] as number) & COUNT;
    let first = 0;
    let second = 0;
    for (let of = 0; of < classes - 1; of++) {
      const sum = sums[from + of] as number;
      if (sum > first) {
        second = first;
        first = sum;
      } else if (sum > second) second = sum;
    }
    for (let of = 0; of < classes; of++) {
      const sum = sums[from + of] as number;
      // Where several are equally likely, it is none of them: textures never seen look a little like everybody.
      const rival = of === classes - 1 ? 0 : sum === first ? second : first;
      (maps[of] as Uint8Array)[cell] = Math.max(0, sum - rival * RIVAL_SHARE) / count;
    }
  }
  return { width, height, maps };
}

/** How much of the best rival is taken off. */
const RIVAL_SHARE = 0.25;

/** In `asked`: how many trees have answered, and whether no more are asked. */
const COUNT = 127;
const DONE = 128;

function dropNobody(sums: Uint16Array, asked: Uint8Array, classes: number): void {
  for (let cell = 0, nobody = classes - 1; cell < asked.length; cell++, nobody += classes) {
    const somebody = 255 * FIRST_TREES - (sums[nobody] as number);
    if (somebody < SURELY_NOBODY * FIRST_TREES) asked[cell] = (asked[cell] as number) | DONE;
  }
}

function askTree(
  { steps, leaves }: PreparedTree,
  { stride, values }: Planes,
  {
    width,
    height,
    classes,
    sums,
    asked,
    turn,
  }: {
    readonly width: number;
    readonly height: number;
    readonly classes: number;
    readonly sums: Uint16Array;
    readonly asked: Uint8Array;
    readonly turn: number;
  },
): void {
  for (let y = 0, cell = 0, to = 0; y < height; y++) {
    let at = (y * STEP + REACH) * stride + REACH;
    for (let x = 0; x < width; x++, cell++, at += STEP, to += classes) {
      if ((asked[cell] as number) >= DONE) continue;
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
      for (let of = 0; of < classes; of++) {
        sums[to + of] = (sums[to + of] as number) + (leaves[leaf + of] as number);
      }
      asked[cell] = turn + 1;
    }
  }
}

interface PreparedTree {
  /** As in a tree, but with offsets in bytes instead of places. */
  readonly steps: Int32Array;
  readonly leaves: Uint8Array;
}

function prepareTree({ nodes, leaves }: Tree, offsets: Int32Array): PreparedTree {
  const steps = new Int32Array(nodes.length);
  for (let from = 0; from < nodes.length; from += NODE_NUMBERS) {
    steps[from] = offsets[nodes[from] as number] as number;
    steps[from + 1] = offsets[nodes[from + 1] as number] as number;
    steps[from + 2] = nodes[from + 2] as number;
    steps[from + 3] = nodes[from + 3] as number;
  }
  return { steps, leaves };
}
