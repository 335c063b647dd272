import { SpriteShelf } from "./layer.ts";
import { setStage, STAGE_HEIGHT, STAGE_WIDTH } from "./stage.ts";
import { DARK_LEVEL, lightAt } from "./stage-light.ts";
import { DURATION_MS, sceneAt } from "./story/scenes.ts";
import { measureVisibility, type Visible } from "./visibility.ts";

/**
 * The rule of truth: a label is on stage while at least this part of its silhouette can be seen from the audience,
 * whatever the light. While the stage is dark nobody can be seen, and a fair score leaves those seconds out.
 */
export const ON_STAGE_FROM = 0.25;

export interface GroundTruth {
  /** Everything of which anything can be seen, with the visible part of its silhouette. */
  readonly present: readonly Visible[];
  /** Labels on stage by the rule, sorted. Kept through a blackout: whoever stands there is there. */
  readonly onStage: readonly string[];
  readonly dark: boolean;
  readonly scene: string;
  readonly lightName: string;
}

/** One second of show. `onStage`: on stage in the middle of the second. */
export interface TruthSecond {
  readonly second: number;
  readonly onStage: readonly string[];
  /** Labels that cross the rule within the second: a score may count either answer as right. */
  readonly changing: readonly string[];
  /** Dark at any of the looks within the second. */
  readonly dark: boolean;
  readonly scene: string;
  readonly lightName: string;
}

/** Silhouettes are compared at 320 x 180: a pixel is 4 stage units. */
const PIXELS_PER_UNIT = 0.25;
const LOOKS_PER_SECOND = 5;

const shelf = new SpriteShelf();

/** What is true at `timeMs`, computed from the layers that are painted. Boxes are fractions of the picture. */
export async function groundTruth(timeMs: number): Promise<GroundTruth> {
  const { layers, frame, present: standing } = setStage(timeMs);
  const { level, name } = lightAt(timeMs, standing);
  const present = await measureVisibility(
    [...layers, frame],
    { width: STAGE_WIDTH, height: STAGE_HEIGHT },
    { shelf, pixelsPerUnit: PIXELS_PER_UNIT },
  );
  return {
    present,
    onStage: present
      .filter(({ visible }) => visible >= ON_STAGE_FROM)
      .map(({ label }) => label)
      .sort(),
    dark: level < DARK_LEVEL,
    scene: sceneAt(timeMs).scene.id,
    lightName: name,
  };
}

/** The truth second by second, for scoring. */
export async function timeline(): Promise<TruthSecond[]> {
  const seconds: TruthSecond[] = [];
  for (let second = 0; second < DURATION_MS / 1_000; second++) {
    const looks: GroundTruth[] = [];
    for (let look = 0; look < LOOKS_PER_SECOND; look++) {
      looks.push(await groundTruth(second * 1_000 + ((look + 0.5) * 1_000) / LOOKS_PER_SECOND));
    }
    const middle = looks[Math.floor(LOOKS_PER_SECOND / 2)];
    if (!middle) continue;
    const ever = new Set(looks.flatMap(({ onStage }) => onStage));
    seconds.push({
      second,
      onStage: middle.onStage,
      changing: [...ever].filter((label) => looks.some(({ onStage }) => !onStage.includes(label))).sort(),
      dark: looks.some(({ dark }) => dark),
      scene: middle.scene,
      lightName: middle.lightName,
    });
  }
  return seconds;
}
