import type { Box, Picture } from "@followspot/dataset";

export interface BoxProposal {
  readonly box: Box;
  /** How much it looks like somebody or something, 0 to 1; comparable within one picture. */
  readonly score: number;
}

/** Where somebody or something may be, whoever it is; best first. */
export function proposeBoxes({ width, height }: Picture, limit = 10): BoxProposal[] {
  const middle = { left: width * 0.1, top: height * 0.1, width: width * 0.8, height: height * 0.8 };
  return [{ box: middle, score: 1 }].slice(0, limit);
}
