import type { SeededRandom } from "@followspot/domain";
import { NODE_NUMBERS, type Tree } from "./forest.ts";
import { GRID, PLACES, PLANES, ZERO_PLACE } from "./planes.ts";

/** Pixels to learn from: what is around each, and who it is a part of. */
export interface PixelExamples {
  /** ZERO_PLACE + 1 numbers an example; the last is zero. */
  readonly around: Uint8Array;
  readonly class: Uint8Array;
}

export const EXAMPLE_NUMBERS = ZERO_PLACE + 1;

export interface GrowOptions {
  readonly classes: number;
  /** How much one example of a class counts. */
  readonly weights: Float32Array;
  readonly random: SeededRandom;
}

const MAX_DEPTH = 18;
const SMALLEST_NODE = 10;
const CANDIDATES = 60;
const LOOKED_AT = 500;
/** Examples of nobody that each leaf has seen in thought, so that a leaf with few examples is modest. */
const MODESTY = 1;
/** Shares are kept in steps of this, which makes models half as large and costs nothing that could be measured. */
const COARSE = 5;
const MAX_LEAVES = 4_000;

/** Grows one tree on the examples named in `use`, which is reordered. */
export function growTree(
  examples: PixelExamples,
  use: Int32Array,
  { classes, weights, random }: GrowOptions,
): Tree {
  const { around, class: classOf } = examples;
  const nodes: number[] = [0, 0, 0, 0];
  const leaves: number[] = [];
  const yes = new Float64Array(classes);
  const no = new Float64Array(classes);

  const addLeaf = (node: number, from: number, to: number) => {
    const counts = new Float64Array(classes);
    for (let index = from; index < to; index++) {
      const of = classOf[use[index] as number] as number;
      counts[of] = (counts[of] as number) + (weights[of] as number);
    }
    counts[classes - 1] = (counts[classes - 1] as number) + MODESTY * (weights[classes - 1] as number);
    const sum = counts.reduce((total, count) => total + count, 0);
    nodes[node * NODE_NUMBERS + 3] = -1 - leaves.length / classes;
    for (const count of counts) leaves.push(Math.round((255 * count) / sum / COARSE) * COARSE);
  };

  // Widest first, so that a full tree has been fair to all: [node, from, to, depth].
  const open: [number, number, number, number][] = [[0, 0, use.length, 0]];
  for (let done = 0; done < open.length; done++) {
    const [node, from, to, depth] = open[done] as [number, number, number, number];
    const full = open.length - done + leaves.length / classes >= MAX_LEAVES;
    if (full || depth >= MAX_DEPTH || to - from < SMALLEST_NODE || isPure(classOf, use, from, to)) {
      addLeaf(node, from, to);
      continue;
    }
    const every = Math.max(1, (to - from) / LOOKED_AT);
    let bestGain = -Infinity;
    let [first, second, threshold] = [0, 0, 0];
    for (let candidate = 0; candidate < CANDIDATES; candidate++) {
      const plane = random.below(PLANES) * PLACES;
      const a = plane + drawPlace(random);
      const b = random.chance(0.4) ? ZERO_PLACE : plane + drawPlace(random);
      if (a === b) continue;
      // A threshold that some example lies at.
      const sample = (use[from + random.below(to - from)] as number) * EXAMPLE_NUMBERS;
      const limit = (around[sample + a] as number) - (around[sample + b] as number) + random.below(5) - 2;
      yes.fill(0);
      no.fill(0);
      for (let place = from; place < to; place += every) {
        const example = use[place | 0] as number;
        const of = classOf[example] as number;
        const base = example * EXAMPLE_NUMBERS;
        const side = (around[base + a] as number) - (around[base + b] as number) > limit ? yes : no;
        side[of] = (side[of] as number) + (weights[of] as number);
      }
      const gain = -impurity(yes) - impurity(no);
      if (gain > bestGain) {
        bestGain = gain;
        [first, second, threshold] = [a, b, limit];
      }
    }
    const middle = partition(use, from, to, (example) => {
      const base = example * EXAMPLE_NUMBERS;
      return (around[base + first] as number) - (around[base + second] as number) > threshold;
    });
    if (middle - from < 3 || to - middle < 3) {
      addLeaf(node, from, to);
      continue;
    }
    const next = nodes.length / NODE_NUMBERS;
    nodes[node * NODE_NUMBERS] = first;
    nodes[node * NODE_NUMBERS + 1] = second;
    nodes[node * NODE_NUMBERS + 2] = threshold;
    nodes[node * NODE_NUMBERS + 3] = next;
    nodes.push(0, 0, 0, 0, 0, 0, 0, 0);
    open.push([next, from, middle, depth + 1], [next + 1, middle, to, depth + 1]);
  }
  return { nodes: Int16Array.from(nodes), leaves: Uint8Array.from(leaves) };
}

const MIDDLE = (GRID - 1) / 2;

/** Near places matter most. */
function drawPlace(random: SeededRandom): number {
  const half = random.chance(0.5) ? Math.ceil(MIDDLE / 2) : MIDDLE;
  const x = MIDDLE + random.below(2 * half + 1) - half;
  const y = MIDDLE + random.below(2 * half + 1) - half;
  return y * GRID + x;
}

/** Sum of weights times entropy. */
function impurity(counts: Float64Array): number {
  let sum = 0;
  let bits = 0;
  for (let of = 0; of < counts.length; of++) {
    const count = counts[of] as number;
    if (count <= 0) continue;
    sum += count;
    bits -= count * Math.log(count);
  }
  return sum <= 0 ? 0 : bits + sum * Math.log(sum);
}

function isPure(classOf: Uint8Array, use: Int32Array, from: number, to: number): boolean {
  const first = classOf[use[from] as number];
  for (let index = from + 1; index < to; index++) if (classOf[use[index] as number] !== first) return false;
  return true;
}

/** Those with the answer yes come first. Returns where the others begin. */
function partition(use: Int32Array, from: number, to: number, isYes: (example: number) => boolean): number {
  let low = from;
  let high = to - 1;
  while (low <= high) {
    const example = use[low] as number;
    if (isYes(example)) low++;
    else {
      use[low] = use[high] as number;
      use[high] = example;
      high--;
    }
  }
  return low;
}
