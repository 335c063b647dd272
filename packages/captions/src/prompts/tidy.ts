import type { CastMember } from "@followspot/domain";
import { UNKNOWN_LABEL } from "@followspot/domain";
import { cleanText } from "../chat/clean-text.ts";
import { type ShowKnowledge, showText } from "./show-text.ts";

export const MOST_IDENTITY = 400;
export const MOST_STATE = 240;
export const MOST_PLACE = 240;

/** The ids that can be in a picture. */
export function whoOf(cast: readonly CastMember[]): readonly string[] {
  return [...cast.map(({ id }) => id), UNKNOWN_LABEL];
}

/** What the text model answers: the ids are a closed set. */
export function tidySchema(cast: readonly CastMember[]) {
  const text = (maxLength: number) => ({ type: "string", maxLength });
  return {
    type: "object",
    properties: {
      who: { type: "array", items: { enum: whoOf(cast) }, maxItems: 32 },
      identity: text(MOST_IDENTITY),
      state: text(MOST_STATE),
      place: text(MOST_PLACE),
    },
    required: ["who", "identity", "state", "place"],
    additionalProperties: false,
  } as const;
}

export const TIDY_TOKENS = 400;

const TASK = `You tidy captions of photographs for the data set of a puppet show. You are given what somebody wrote about a photograph; you have not seen it, so add nothing. Take it apart:
- who: the ids of the cast members who are named or described, each once; "unknown" for somebody or something who is not in the cast.
- identity: looks that never change from picture to picture: shape, colours, material, clothing.
- state: what they do at the moment, how they are turned and held, what they hold, as a phrase that can follow their name, such as "facing the camera, with both arms raised".
- place: where it is and in what light, as a phrase that begins with a preposition, such as "on the wooden table, under the desk lamp".
Leave a part empty ("") where nothing is said about it. Nothing belongs into two parts.
Members of the cast are called by their names, never by another name that they are also called. Nobody else has a name: where the text gives somebody a name that is not in the cast, say what they are instead.
Answer with JSON: {"who": [...], "identity": "...", "state": "...", "place": "..."}`;

/** The text model's instructions: one text for all captions of a run. @param bible as much of it as fits. */
export function tidySystem(show: ShowKnowledge, bible = ""): string {
  return [TASK, showText(show), ...(bible === "" ? [] : ["The show's bible:", bible])].join("\n");
}

/** The caption comes last and as a JSON string: it is material, and not instructions. */
export function tidyQuestion(caption: string, here: readonly CastMember[]): string {
  const known =
    here.length > 0 ? `A person has marked in the photograph: ${here.map(({ id }) => id).join(", ")}. ` : "";
  return `${known}Tidy this caption: ${JSON.stringify(cleanText(caption))}`;
}
