import { bitCount, isNearDuplicate, NEAR_HASH_BITS, wordsOf } from "@followspot/dataset";
import { dot } from "@followspot/recognition";
import type { Inspected } from "./inspect-picture.ts";

/** Two pictures that may be one shot. Indexes of the list that was searched; `one` is the earlier. */
export interface NearPair {
  readonly one: number;
  readonly other: number;
  /** same: exact pixels; shot: the whole picture agrees; look: the subject looks the same. */
  readonly by: "same" | "shot" | "look";
  /** Dot product of the looks, up to 1. */
  readonly likeness: number;
}

export interface NearSearch {
  readonly pairs: readonly NearPair[];
  /** From which likeness on two looks were taken for one; undefined where that could not be told. */
  readonly leastLikeness: number | undefined;
  /** Whether looks of different labels were compared too. */
  readonly acrossLabels: boolean;
  /** Whether there were more pairs than are kept. */
  readonly cut: boolean;
}

const MAX_PAIRS = 20_000;
/** All looks with all: 50 million products of vectors, some ten seconds. More pictures only within their label. */
const MAX_ACROSS_LABELS = 10_000;
const BREATH = 256;

/**
 * Finds pairs by three nets of growing width: equal pixels, agreeing traces (mirrored too), and looks of the subject
 * that are as alike as two crops of one shot are.
 */
export async function findNearDuplicates(
  pictures: readonly Inspected[],
  {
    onProgress = () => {},
    signal,
  }: { onProgress?: (share: number) => void; signal?: AbortSignal | undefined } = {},
): Promise<NearSearch> {
  const hashes = Int32Array.from(
    pictures.flatMap(({ trace: { hash } }) => [...wordsOf(hash.upright), ...wordsOf(hash.mirrored)]),
  );
  const leastLikeness = likenessOfOneShot(pictures);
  const acrossLabels = pictures.length <= MAX_ACROSS_LABELS;
  const pairs: NearPair[] = [];
  for (const [other, picture] of pictures.entries()) {
    for (let one = 0; one < other && pairs.length <= MAX_PAIRS; one++) {
      const earlier = pictures[one] as Inspected;
      if (earlier.pixels === picture.pixels) {
        pairs.push({ one, other, by: "same", likeness: 1 });
      } else if (hashesNear(hashes, one, other) && isNearDuplicate(earlier.trace, picture.trace)) {
        pairs.push({ one, other, by: "shot", likeness: dot(earlier.look, picture.look) });
      } else if (
        leastLikeness !== undefined &&
        (acrossLabels || earlier.entry.label === picture.entry.label)
      ) {
        const likeness = dot(earlier.look, picture.look);
        if (likeness >= leastLikeness) pairs.push({ one, other, by: "look", likeness });
      }
    }
    if (other % BREATH === 0) {
      onProgress((other / pictures.length) ** 2);
      await new Promise(setImmediate);
      signal?.throwIfAborted();
    }
  }
  onProgress(1);
  return { pairs: pairs.slice(0, MAX_PAIRS), leastLikeness, acrossLabels, cut: pairs.length > MAX_PAIRS };
}

/** Least number of pictures that were looked at twice. */
const LEAST_SHIFTED = 8;
/** Of four other crops of one shot three are found. */
const MISSED_SHARE = 0.25;
/** Of a thousand pairs of different subjects one is taken for one shot. */
const MISTAKEN_SHARE = 0.001;
const LEAST_LIKENESS = 0.8;

/**
 * From which likeness on two looks are of one shot. Told by the data set itself, since looks of another backbone are
 * alike in another measure: as alike as a subject is to itself in another crop, and more than different subjects are.
 */
export function likenessOfOneShot(pictures: readonly Inspected[]): number | undefined {
  const sample = pictures.filter(({ shifted }) => shifted);
  if (sample.length < LEAST_SHIFTED) return undefined;
  const own = sample.map(({ look, shifted }) => dot(look, shifted as Float32Array)).sort((a, b) => a - b);
  const others: number[] = [];
  for (const [index, one] of sample.entries()) {
    for (const other of sample.slice(index + 1)) {
      if (one.entry.label !== other.entry.label) others.push(dot(one.look, other.look));
    }
  }
  others.sort((a, b) => a - b);
  const found = own[Math.floor(own.length * MISSED_SHARE)] ?? 1;
  const mistaken = others[Math.floor(others.length * (1 - MISTAKEN_SHARE))] ?? 0;
  return Math.max(LEAST_LIKENESS, found, mistaken);
}

function hashesNear(words: Int32Array, one: number, other: number): boolean {
  const a = one * 4;
  const b = other * 4;
  const upright =
    bitCount((words[a] as number) ^ (words[b] as number)) +
    bitCount((words[a + 1] as number) ^ (words[b + 1] as number));
  if (upright <= NEAR_HASH_BITS) return true;
  const mirrored =
    bitCount((words[a] as number) ^ (words[b + 2] as number)) +
    bitCount((words[a + 1] as number) ^ (words[b + 3] as number));
  return mirrored <= NEAR_HASH_BITS;
}
