import { BIG_EYES_SCENE } from "./big-eyes.ts";
import { COTTAGE_SCENE } from "./cottage.ts";
import { EVENING_SCENE } from "./evening.ts";
import { FOREST_SCENE } from "./forest.ts";
import { RESCUE_SCENE } from "./rescue.ts";
import type { Scene } from "./story.ts";

const STORY: readonly Scene[] = [COTTAGE_SCENE, FOREST_SCENE, EVENING_SCENE, BIG_EYES_SCENE, RESCUE_SCENE];

/** Length of the show in milliseconds; then it begins again. */
export const DURATION_MS = STORY.reduce((sum, { seconds }) => sum + seconds * 1_000, 0);

/** A scene as a stage manager sees it. Times are milliseconds since the show began. */
export interface SceneInfo {
  readonly id: string;
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  /** Labels that take part. */
  readonly cast: readonly string[];
}

export const SCENES: readonly SceneInfo[] = STORY.map(({ id, name, seconds, tracks }, index) => {
  const startMs = STORY.slice(0, index).reduce((sum, scene) => sum + scene.seconds * 1_000, 0);
  return {
    id,
    name,
    startMs,
    endMs: startMs + seconds * 1_000,
    cast: [...new Set(tracks.map(({ label }) => label))],
  };
});

/** The scene that plays at `timeMs` (any number: the show loops) and the seconds since it began. */
export function sceneAt(timeMs: number): { readonly scene: Scene; readonly seconds: number } {
  const inShow = ((timeMs % DURATION_MS) + DURATION_MS) % DURATION_MS;
  const index = SCENES.findIndex(({ endMs }) => inShow < endMs);
  const scene = STORY[index];
  const info = SCENES[index];
  if (!scene || !info) throw new RangeError(`timeMs must be a finite number, not ${timeMs}`);
  return { scene, seconds: (inShow - info.startMs) / 1_000 };
}
