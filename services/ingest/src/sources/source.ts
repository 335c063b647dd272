import type { OfferedPicture } from "../frame-path.ts";

/**
 * One way of getting pictures. Opens its camera, hands over each picture as it comes, and
 * - resolves with a sentence when the camera is at its end (a file that was played),
 * - throws `SourceFailed` when it does not work or stops working,
 * - stops soon after `signal` aborts, leaving nothing behind.
 * It is opened again and again by its keeper, so it keeps no state between two runs.
 */
export type Source = (events: SourceEvents, signal: AbortSignal) => Promise<string>;

export interface SourceEvents {
  /** Never waits: pictures that nobody has time for are dropped and counted. */
  readonly picture: (picture: OfferedPicture) => void;
}

/** The message is one sentence for the person who set the camera up: what is wrong, and what to do. */
export class SourceFailed extends Error {
  override readonly name = "SourceFailed";
}
