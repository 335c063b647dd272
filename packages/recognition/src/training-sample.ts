import type { Box, LabelledBox, Picture } from "@followspot/dataset";
import { clipBox } from "./boxes.ts";
import { openView, type View } from "./view.ts";

/** A picture to learn from. */
export interface TrainingSample {
  readonly picture: Picture;
  /** Cast id of the subject, or "unknown". */
  readonly label: string;
  readonly scene: string;
  /** Everything of the cast that is in it, in pixels of the picture; undefined where nobody framed it. */
  readonly objects: readonly LabelledBox[] | undefined;
}

/** A sample made ready. */
export interface Framed {
  readonly scene: string;
  readonly picture: Picture;
  readonly view: View;
  /** `label`: index of a cast id, or the number of labels for somebody who is nobody of the cast. */
  readonly subjects: readonly { readonly box: Box; readonly label: number }[];
  /** Whether somebody framed the picture, so that what is outside the boxes is surely nobody. */
  readonly sure: boolean;
}

/** Takes the light out. Where nobody framed the picture, its subject is believed to be in the middle. */
export function frameSample(
  { picture, label, scene, objects }: TrainingSample,
  labels: readonly string[],
): Framed {
  const { width, height } = picture;
  const middle = { left: width * 0.1, top: height * 0.1, width: width * 0.8, height: height * 0.8 };
  const boxes: readonly LabelledBox[] = objects ?? [{ label, box: middle }];
  const subjects = boxes.map(({ label: name, box }) => {
    const at = labels.indexOf(name);
    return { box: clipBox(box, width, height), label: at < 0 ? labels.length : at };
  });
  return { scene, picture, view: openView(picture), subjects, sure: objects !== undefined };
}
