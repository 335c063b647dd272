import type { Box } from "@followspot/dataset";
import { overlap } from "./boxes.ts";

export interface Proposal {
  readonly box: Box;
  readonly evidence: number;
  readonly cells: number;
}

/** What the sums are about. */
export interface ScannedMap {
  readonly width: number;
  readonly height: number;
  /** Pixels of the picture a cell. */
  readonly scale: number;
}

const SMALLEST = 4;
const SCALE_STEP = 1.3;
/** How much of the evidence around a window speaks against it: a part of something is not the thing. */
const RING_SHARE = 0.6;
const RING = 0.3;
/** Between the sum (1: large windows win) and the mean (0) of the evidence. */
const SIZE_POWER = 0.35;
/**
 * Slides windows of all sizes over the sums and returns the few with the most evidence, in pixels of the picture.
 * @param aspects width by height of the windows to try.
 */
export function scanWindows(
  sums: Int32Array,
  { width, height, scale }: ScannedMap,
  aspects: readonly number[],
): Proposal[] {
  const stride = width + 1;
  const kept: Proposal[] = [];
  let floor = 0;
  for (const aspect of aspects) {
    for (let size = SMALLEST; ; size *= SCALE_STEP) {
      const w = Math.max(3, Math.round(size * Math.sqrt(aspect)));
      const h = Math.max(3, Math.round(size / Math.sqrt(aspect)));
      if (w > width || h > height) break;
      const stepX = Math.max(1, Math.round(w / 7));
      const stepY = Math.max(1, Math.round(h / 7));
      const ringX = Math.max(1, Math.round(w * RING));
      const ringY = Math.max(1, Math.round(h * RING));
      const area = w * h;
      const worth = area ** (SIZE_POWER - 1);
      for (let y = 0; y + h <= height; y += stepY) {
        const upper = y * stride;
        const lower = (y + h) * stride;
        for (let x = 0; x + w <= width; x += stepX) {
          const inside =
            (sums[lower + x + w] as number) -
            (sums[lower + x] as number) -
            (sums[upper + x + w] as number) +
            (sums[upper + x] as number);
          if (inside < area * LEAST_MEAN || inside * worth <= floor) continue;
          const x0 = Math.max(0, x - ringX);
          const x1 = Math.min(width, x + w + ringX);
          const y0 = Math.max(0, y - ringY) * stride;
          const y1 = Math.min(height, y + h + ringY) * stride;
          const around =
            (sums[y1 + x1] as number) -
            (sums[y1 + x0] as number) -
            (sums[y0 + x1] as number) +
            (sums[y0 + x0] as number) -
            inside;
          const evidence = (inside - (around > 0 ? around * RING_SHARE : 0)) * worth;
          if (evidence <= floor) continue;
          const box = { left: x * scale, top: y * scale, width: w * scale, height: h * scale };
          keep(kept, { box, evidence, cells: area });
          if (kept.length === KEPT) floor = (kept[KEPT - 1] as Proposal).evidence;
        }
      }
    }
  }
  return kept;
}

/** A window that is mostly something else is not the subject, however large it is. */
const LEAST_MEAN = 25;

const KEPT = 3;
const SAME = 0.3;

/** Of windows about one place only the best is kept. The list stays sorted. */
function keep(kept: Proposal[], proposal: Proposal): void {
  const same = kept.findIndex(({ box }) => overlap(box, proposal.box) > SAME);
  if (same >= 0) {
    if ((kept[same] as Proposal).evidence >= proposal.evidence) return;
    kept.splice(same, 1);
  }
  const place = kept.findIndex(({ evidence }) => evidence < proposal.evidence);
  kept.splice(place < 0 ? kept.length : place, 0, proposal);
  if (kept.length > KEPT) kept.pop();
}
