import type { Box } from "@followspot/dataset";

export interface Proposal {
  readonly box: Box;
  /** How much it looks like somebody or something, 0 to 1. */
  readonly score: number;
}

/** Candidates that are compared at most: what comes after them never reached anybody's list. */
const MAX_CANDIDATES = 1000;

/** The best proposals, best first, without those that overlap a better one by `overlap` (intersection over union). */
export function suppressOverlaps(
  proposals: readonly Proposal[],
  { limit, overlap }: { readonly limit: number; readonly overlap: number },
): Proposal[] {
  const candidates = proposals
    .toSorted((first, second) => second.score - first.score)
    .slice(0, MAX_CANDIDATES);
  const kept: Proposal[] = [];
  for (const candidate of candidates) {
    if (kept.length >= limit) break;
    if (kept.every(({ box }) => intersectionOverUnion(box, candidate.box) <= overlap)) kept.push(candidate);
  }
  return kept;
}

function intersectionOverUnion(first: Box, second: Box): number {
  const width =
    Math.min(first.left + first.width, second.left + second.width) - Math.max(first.left, second.left);
  const height =
    Math.min(first.top + first.height, second.top + second.height) - Math.max(first.top, second.top);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / (first.width * first.height + second.width * second.height - shared);
}
