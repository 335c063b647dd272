import type { Framed } from "./training-sample.ts";

const WIDEST = 3;
const ALIKE = 0.2;

/** The shapes of the windows to try for each class: the quarter, middle and three-quarter points of those seen. */
export function learnAspects(pictures: readonly Framed[], classes: number): number[][] {
  const seen = Array.from({ length: classes }, (): number[] => []);
  for (const { subjects } of pictures) {
    for (const { box, label } of subjects) {
      seen[label]?.push(Math.min(WIDEST, Math.max(1 / WIDEST, box.width / box.height)));
    }
  }
  return seen.map((aspects) => {
    aspects.sort((a, b) => a - b);
    const at = (share: number) => aspects[Math.floor(share * aspects.length)] ?? 1;
    const kept: number[] = [];
    // Puppets turn and get narrower than on any photograph.
    for (const aspect of [at(0.5), at(0.15) * 0.75, at(0.85)]) {
      if (kept.every((other) => Math.abs(Math.log(other / aspect)) > ALIKE)) kept.push(aspect);
    }
    return kept;
  });
}
