import type { LabelledBox, Picture } from "@followspot/dataset";

/** A picture to learn from. */
export interface TrainingSample {
  readonly picture: Picture;
  /** Cast id of the subject, or "unknown". */
  readonly label: string;
  readonly scene: string;
  /** Everything of the cast that is in it, in pixels of the picture; undefined where nobody framed it. */
  readonly objects: readonly LabelledBox[] | undefined;
}
