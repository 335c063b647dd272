import type { DatasetPicture } from "@followspot/dataset";
import { type CastMember, UNKNOWN_LABEL, UserError } from "@followspot/domain";

/**
 * The members of the cast whom a person says are in the picture: its subject first, then who else is framed.
 * @throws UserError naming the line of a label that the cast does not have
 */
export function whoIsHere(
  { label, objects = [], place }: Pick<DatasetPicture, "label" | "objects" | "place">,
  cast: readonly CastMember[],
): readonly CastMember[] {
  const labels = new Set([label, ...objects.map((object) => object.label)]);
  labels.delete(UNKNOWN_LABEL);
  return [...labels].map((id) => {
    const member = cast.find((one) => one.id === id);
    if (!member) {
      throw new UserError(
        `${place}: "${id}" is not in the cast of show.yaml: add it there, or correct the line`,
      );
    }
    return member;
  });
}
