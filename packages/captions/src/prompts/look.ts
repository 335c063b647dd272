import type { CastMember } from "@followspot/domain";
import { cleanText } from "../chat/clean-text.ts";
import { type ShowKnowledge, showText } from "./show-text.ts";

const MOST_CHARACTERS = 600;

/** What the vision model answers. */
export const LOOK_SCHEMA = {
  type: "object",
  properties: { caption: { type: "string", minLength: 1, maxLength: MOST_CHARACTERS } },
  required: ["caption"],
  additionalProperties: false,
} as const;

export const LOOK_TOKENS = 256;

/** The vision model's instructions: one text for all pictures of a run. */
export function lookSystem(show: ShowKnowledge): string {
  return [
    "You describe photographs of puppets and props for the data set of a puppet show.",
    showText(show),
    "Say in one to three sentences what can be seen: who is there and how they look, what they do and which way they are turned, where it is and in what light.",
    "Name the members of the cast by their names. Everybody else has no name: say what they are. Never make a name up. Say nothing that cannot be seen.",
    'Answer with JSON: {"caption": "..."}',
  ].join("\n");
}

/** The short question that comes with a picture. */
export function lookQuestion(here: readonly CastMember[]): string {
  const known =
    here.length > 0
      ? `A person has marked in it: ${here.map(({ name }) => cleanText(name)).join(", ")}.`
      : "A person has marked nobody of the cast in it.";
  return `${known} Describe this photograph.`;
}
