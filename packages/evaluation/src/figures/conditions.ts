import { type Box, measureQuality } from "@followspot/dataset";
import type { TrainingSample } from "@followspot/recognition";
import { type Interval, wilson } from "../statistics/interval.ts";

/** What a picture is like, apart from who is in it. */
export interface Circumstances {
  readonly scene: string;
  /** Mean luma of the picture, 0 to 255. */
  readonly brightness: number;
  /** Of the subject, at the size that the understudy looks at. */
  readonly sharpness: number;
  /** Shorter side of the subject's box in pixels of the file; undefined where nobody framed it. */
  readonly subjectPixels: number | undefined;
  readonly subjects: number;
}

/** One row of the conditions table. */
export interface ConditionFigures {
  readonly condition: "scene" | "light" | "sharpness" | "size" | "subjects";
  readonly value: string;
  readonly n: number;
  readonly right: number;
  readonly share: number;
  readonly interval: Interval;
}

/** Fewer pictures than this say next to nothing: shown, and marked. */
export const FEW_PICTURES = 5;
const FEW_SINGLES = 3;
const DARK = 60;
const BRIGHT = 190;
export const SMALL_SUBJECT_PX = 100;
const LARGE_SUBJECT_PX = 300;

export function circumstancesOf(
  { picture, objects, scene }: TrainingSample,
  { factor, subjects }: { readonly factor: number; readonly subjects: number },
): Circumstances {
  const box = largest(objects?.map((object) => object.box) ?? []);
  return {
    scene,
    brightness: measureQuality(picture).brightness,
    sharpness: measureQuality(picture, box).sharpness,
    subjectPixels: box && Math.min(box.width, box.height) * factor,
    subjects,
  };
}

function largest(boxes: readonly Box[]): Box | undefined {
  return boxes.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
}

export function lightOf({ brightness }: Circumstances): string {
  if (brightness < DARK) return "dark";
  return brightness > BRIGHT ? "bright" : "middling";
}

export function sizeOf({ subjectPixels }: Circumstances): string {
  if (subjectPixels === undefined) return "not framed";
  if (subjectPixels < SMALL_SUBJECT_PX) return `under ${SMALL_SUBJECT_PX} px`;
  return subjectPixels < LARGE_SUBJECT_PX
    ? `${SMALL_SUBJECT_PX} to ${LARGE_SUBJECT_PX} px`
    : `${LARGE_SUBJECT_PX} px and more`;
}

/** The softest quarter of a set is called soft: how sharp is sharp depends on what is photographed. */
export function softLimit(all: readonly Circumstances[]): number {
  const ascending = all.map(({ sharpness }) => sharpness).sort((a, b) => a - b);
  return ascending[Math.floor(ascending.length / 4)] ?? 0;
}

/** How often answers are right under each condition, none hidden. */
export function conditionFigures(
  pictures: readonly { readonly circumstances: Circumstances; readonly right: boolean }[],
): ConditionFigures[] {
  const limit = softLimit(pictures.map(({ circumstances }) => circumstances));
  const sceneOf = sceneNames(pictures.map(({ circumstances }) => circumstances));
  const kinds: Record<ConditionFigures["condition"], (one: Circumstances) => string> = {
    scene: ({ scene }) => sceneOf.get(scene) ?? scene,
    light: lightOf,
    sharpness: ({ sharpness }) => (sharpness < limit ? "softest quarter" : "the others"),
    size: sizeOf,
    subjects: ({ subjects }) => (subjects === 0 ? "nobody of the cast" : String(subjects)),
  };
  return (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((condition) => {
    const groups = Map.groupBy(pictures, ({ circumstances }) => kinds[condition](circumstances));
    return [...groups]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([value, group]) => {
        const right = group.filter((picture) => picture.right).length;
        const n = group.length;
        return { condition, value, n, right, share: right / n, interval: wilson(right, n) };
      });
  });
}

/** Where many pictures have a scene of their own, their rows are one: a hundred rows of one picture hide the others. */
function sceneNames(all: readonly Circumstances[]): ReadonlyMap<string, string> {
  const scenes = Map.groupBy(all, ({ scene }) => scene);
  const singles = [...scenes.values()].filter(({ length }) => length === 1).length;
  return new Map(
    [...scenes].map(([scene, { length }]) => [
      scene,
      length === 1 && singles >= FEW_SINGLES ? "(scenes of one picture)" : scene,
    ]),
  );
}
