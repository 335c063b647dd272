import type { PictureEntry } from "@followspot/dataset";
import { UNKNOWN_LABEL } from "@followspot/domain";

/**
 * Who is in a picture, `unknown` for strangers. Nobody else is: boxes are drawn around everything of the cast, and a
 * picture without boxes shows its subject alone. A framed picture of "unknown" without any box is an empty place.
 */
export function trueLabels({ label, objects }: PictureEntry): ReadonlySet<string> {
  const present = new Set(objects?.map((object) => object.label));
  if (label !== UNKNOWN_LABEL || objects === undefined) present.add(label);
  return present;
}
