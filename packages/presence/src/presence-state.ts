import { newSight, type Sight } from "./sight.ts";
import { newTrack, type Track } from "./track.ts";

export interface LabelBelief {
  /** What is held while nothing can be told. */
  present: boolean;
  /** Whether it can be told now. */
  known: boolean;
  sinceMs: number;
  settledAtMs: number;
  confidence: number;
  presenceId: string;
  /** How often it entered: makes each presence id unique. */
  entrances: number;
  cameraId: string;
  /** One for each camera that was ever asked about the label. */
  tracks: Record<string, Track>;
}

/** All that the filter remembers. Plain JSON: the next leader goes on from it. */
export interface PresenceState {
  version: 1;
  /** The latest time that any input told. */
  nowMs: number;
  labels: Record<string, LabelBelief>;
  cameras: Record<string, Sight>;
}

/** More cameras than any show has; observations of further ones are ignored. */
export const MAX_CAMERAS = 256;

export function newBelief(): LabelBelief {
  return {
    present: false,
    known: false,
    sinceMs: 0,
    settledAtMs: 0,
    confidence: 0,
    presenceId: "",
    entrances: 0,
    cameraId: "",
    tracks: {},
  };
}

export function newState(labels: readonly string[]): PresenceState {
  return {
    version: 1,
    nowMs: 0,
    labels: Object.fromEntries(labels.map((label) => [label, newBelief()])),
    cameras: {},
  };
}

export function sightOf(state: PresenceState, cameraId: string): Sight | undefined {
  const known = state.cameras[cameraId];
  if (known || Object.keys(state.cameras).length >= MAX_CAMERAS) return known;
  const sight = newSight();
  state.cameras[cameraId] = sight;
  return sight;
}

export function trackOf(belief: LabelBelief, cameraId: string): Track {
  const track = belief.tracks[cameraId] ?? newTrack();
  belief.tracks[cameraId] = track;
  return track;
}
