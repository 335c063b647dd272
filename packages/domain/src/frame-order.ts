/** The two numbers that order the frames of one camera. */
export interface FramePosition {
  readonly run: number;
  readonly sequence: number;
}

/** Negative where `a` is older than `b`, 0 for the same frame, positive where `a` is newer. */
export function compareFrames(a: FramePosition, b: FramePosition): number {
  return a.run - b.run || a.sequence - b.sequence;
}
