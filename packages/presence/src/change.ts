import type { FrameStamp } from "@followspot/schema/followspot/v1/frame";
import type { Recognizer } from "@followspot/schema/followspot/v1/observation";

export type ChangeType = "ENTER" | "EXIT" | "UNKNOWN" | "HOLD";
export type KnownPresence = "PRESENT" | "ABSENT";

/**
 * A decision about one label. For each label ENTER and EXIT take turns; UNKNOWN and HOLD come between them in pairs
 * and change nothing of it.
 */
export interface PresenceChange {
  readonly type: ChangeType;
  readonly label: string;
  /** The state from now on. */
  readonly state: KnownPresence | "UNKNOWN";
  /** Capture time of the first frame of the run of evidence that led here. */
  readonly happenedAtMs: number;
  /** Capture time of the frame (or time of the tick) that settled it; never before an earlier change of the label. */
  readonly settledAtMs: number;
  /** Probability behind the decision, 0 to 1; 0 where nothing can be told. */
  readonly confidence: number;
  /** The same from an ENTER to its EXIT; empty while the label is off stage. */
  readonly presenceId: string;
  /** For a person. */
  readonly reason: string;
  /** Absent where no frame settled it. */
  readonly frame: FrameStamp | undefined;
  readonly recognizer: Recognizer | undefined;
}

/** Where a label stands: what a late joiner is told. */
export interface LabelStanding {
  readonly label: string;
  readonly state: KnownPresence | "UNKNOWN";
  /** `happenedAtMs` of the last change; 0 before the first. */
  readonly sinceMs: number;
  readonly confidence: number;
  readonly presenceId: string;
  /** The camera that settled it; empty where none did. */
  readonly cameraId: string;
}
