import { mapParts, type Forest, STEP } from "./forest.ts";
import type { Gauge } from "./model.ts";
import { toPlanes } from "./planes.ts";
import type { Framed } from "./training-sample.ts";

const SIDE = 200;
/** Of the ellipse in a box: what is surely the subject. */
const CORE = 0.1;
const LEAST_DISTANCE = 22;
const UNKNOWN_GAUGE: Gauge = { on: 60, off: 8 };

/** What trees that have not seen a scene answer there: on each class, and anywhere else. */
export function gaugeParts(
  forest: Forest,
  pictures: readonly Framed[],
  unseenBy: ReadonlyMap<string, readonly number[]>,
): Gauge[] {
  const classes = forest.classes - 1;
  const on = Array.from({ length: classes }, () => [0, 0]);
  const off = Array.from({ length: classes }, () => [0, 0]);
  const add = (counts: number[] | undefined, value: number) => {
    if (!counts) return;
    counts[0] = (counts[0] as number) + value;
    counts[1] = (counts[1] as number) + 1;
  };
  for (const { scene, view, subjects } of pictures) {
    const depth = view.pyramid.levels.findIndex(({ width, height }) => Math.max(width, height) <= SIDE);
    const level = view.pyramid.levels[depth];
    if (!level) continue;
    const { width, height, maps } = mapParts(forest, toPlanes(level), unseenBy.get(scene));
    const scale = STEP * 2 ** depth;
    for (let y = 0, cell = 0; y < height; y++) {
      for (let x = 0; x < width; x++, cell++) {
        let outside = true;
        for (const { box, label } of subjects) {
          const dx = ((x + 0.5) * scale - box.left) / box.width - 0.5;
          const dy = ((y + 0.5) * scale - box.top) / box.height - 0.5;
          if (Math.abs(dx) > 0.55 || Math.abs(dy) > 0.55) continue;
          outside = false;
          if (dx * dx + dy * dy < CORE) add(on[label], maps[label]?.[cell] as number);
        }
        if (outside) for (let of = 0; of < classes; of++) add(off[of], maps[of]?.[cell] as number);
      }
    }
  }
  return on.map((counts, of) => {
    const mean = ([sum = 0, count = 0]: readonly number[]) => (count === 0 ? undefined : sum / count);
    const subject = mean(counts) ?? UNKNOWN_GAUGE.on;
    const elsewhere = mean(off[of] ?? []) ?? UNKNOWN_GAUGE.off;
    return { on: Math.max(subject, elsewhere + LEAST_DISTANCE), off: elsewhere };
  });
}
