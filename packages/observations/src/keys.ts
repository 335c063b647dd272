import { showKey } from "@followspot/runtime";

/** The stream of a show's observations: one entry, one field, one protobuf message. */
export function observationsKey(showId: string): string {
  return showKey(showId, "observations");
}

export const OBSERVATION_FIELD = "o";
