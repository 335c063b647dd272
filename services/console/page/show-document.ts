/** What /show.json says: everything about the show that the page needs and may know. */
export interface ShowDocument {
  readonly id: string;
  readonly name: string;
  readonly cast: readonly CastEntry[];
  readonly cameras: readonly CameraEntry[];
  /** Thresholds of presence; scores and light are 0 to 1. */
  readonly presence: PresenceThresholds;
  /** Addresses as this browser reaches them, without a trailing slash. */
  readonly resultsUrl: string;
  readonly ingestUrl: string;
}

export interface CastEntry {
  readonly id: string;
  readonly kind: "character" | "prop";
  readonly name: string;
}

export interface CameraEntry {
  readonly id: string;
  /** True where the camera waits for pictures that somebody sends, as a phone can. */
  readonly takesPushes: boolean;
  /** Most pictures a second. */
  readonly fps: number;
  /** Longest side of a picture that is wanted, in pixels. */
  readonly width: number;
}

export interface PresenceThresholds {
  readonly enterScore: number;
  readonly exitScore: number;
  readonly darkBelow: number;
  readonly blindAfterMs: number;
}
