import { type CameraStatus, CameraStatus_State } from "@followspot/schema/followspot/v1/frame";
import { ageText } from "./words.ts";

/** A picture older than this is no longer "now". */
export const STALE_AFTER_MS = 2_500;

export type CameraWord = "live" | "dark" | "stale" | "lost" | "idle" | "connecting" | "disconnected";

export interface CameraView {
  readonly word: CameraWord;
  /** For the badge: at most two words. */
  readonly title: string;
  /** One sentence, or empty where all is well. */
  readonly sentence: string;
}

export interface CameraFacts {
  /** Whether the console sends pictures to this page at all. */
  readonly linked: boolean;
  /** What ingest says, where it says anything. */
  readonly status: CameraStatus | undefined;
  /** Age of the newest picture of this page; undefined while there was none. */
  readonly pictureAgeMs: number | undefined;
  /** Mean luma of the newest picture, 0 to 1. */
  readonly light: number | undefined;
  readonly darkBelow: number;
  readonly takesPushes: boolean;
}

/** What a camera's card says, the gravest first. */
export function describeCamera(facts: CameraFacts): CameraView {
  const { linked, status, pictureAgeMs, light, darkBelow } = facts;
  const fresh = pictureAgeMs !== undefined && pictureAgeMs <= STALE_AFTER_MS;
  if (!linked) {
    return {
      word: "disconnected",
      title: "No connection",
      sentence: "The console does not answer. Trying again.",
    };
  }
  if (fresh && light !== undefined && light < darkBelow) {
    return { word: "dark", title: "Dark", sentence: "Too dark to tell who is there." };
  }
  if (fresh) return { word: "live", title: "Live", sentence: "" };
  if (status?.state === CameraStatus_State.LOST) {
    return {
      word: "lost",
      title: "Camera lost",
      sentence: status.detail || "No picture arrives. Trying again.",
    };
  }
  if (status?.state === CameraStatus_State.IDLE) {
    const otherwise = facts.takesPushes ? "Waits for a device to send pictures." : "The source has ended.";
    return { word: "idle", title: "Idle", sentence: status.detail || otherwise };
  }
  if (pictureAgeMs === undefined) {
    const otherwise = facts.takesPushes
      ? "Waits for a device to send pictures."
      : "Waiting for the first picture.";
    return { word: "connecting", title: "Waiting", sentence: status?.detail || otherwise };
  }
  return {
    word: "stale",
    title: "Old picture",
    sentence: status?.detail || `The last picture came ${ageText(pictureAgeMs)} ago.`,
  };
}
