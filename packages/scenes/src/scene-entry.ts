import { create } from "@bufbuild/protobuf";
import { showKey } from "@followspot/runtime";
import { type CurrentScene, CurrentSceneSchema } from "@followspot/schema/followspot/v1/subscribe";

/**
 * A stream that holds one entry, the scene that is played: who reads on from what he has misses no change, also after an
 * outage, and the entry's id is the version.
 */
export function sceneKey(showId: string): string {
  return showKey(showId, "scene");
}

const FIELDS = { id: "scene", setAtMs: "at" } as const;

export type SceneEntry = readonly [version: string, fields: readonly string[]];

export function sceneFields(id: string, setAtMs: number): string[] {
  return [FIELDS.id, id, FIELDS.setAtMs, String(setAtMs)];
}

export function parseSceneEntry([version, fields]: SceneEntry): CurrentScene {
  const valueOf = (name: string) => {
    const at = fields.findIndex((field, index) => index % 2 === 0 && field === name);
    return at < 0 ? "" : (fields[at + 1] ?? "");
  };
  return create(CurrentSceneSchema, {
    id: valueOf(FIELDS.id),
    version,
    setAtMs: Number(valueOf(FIELDS.setAtMs)) || 0,
  });
}
