import { DOOR_FLAT, NIGHT_TABLE, WARDROBE } from "../scenery/pieces.ts";
import type { Piece, Track } from "./story.ts";

/** What stands in the grandmother's bedroom in every scene there. */
export const BEDROOM_PIECES: readonly Piece[] = [
  { svg: NIGHT_TABLE, x: 772, y: 604, z: 17 },
  { svg: WARDROBE, x: 1030, y: 622, z: 40 },
  { svg: DOOR_FLAT, x: 268, y: 622, z: 41, mirrored: true },
];

/** The bed, for a scene of so many seconds. */
export const bed = (seconds: number): Track => ({
  label: "bed",
  frontZ: 26,
  moments: [
    { at: 0, x: 500, y: 622, z: 17, scale: 1.18 },
    { at: seconds, x: 500 },
  ],
});

/** The grandmother's lantern on the night table, for so many seconds. */
export const lantern = (seconds: number): Track => ({
  label: "lantern",
  moments: [
    { at: 0, x: 772, y: 494, z: 18, scale: 0.62 },
    { at: seconds, x: 772 },
  ],
});
