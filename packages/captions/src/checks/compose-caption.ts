import type { CastMember } from "@followspot/domain";
import type { Tidied } from "../reading/read-tidied.ts";
import { articleOf, lowerFirst, upperFirst, withoutArticle } from "./fold-aliases.ts";

/**
 * The caption of a picture: those who are known to be in it, what they do, and where. What the model says about who it
 * is does not go in: that a person has framed.
 * @param here the members who are in the picture, the subject first; none where it shows nobody of the cast.
 */
export function composeCaption(here: readonly CastMember[], { identity, state, place }: Tidied): string {
  const subject = here.length > 0 ? subjectOf(here) : lowerFirst(identity);
  const parts = [subject, state, place].map((part) => part.trim().replace(/[\s.,;:]+$/, ""));
  const said = parts.filter((part) => part !== "").join(" ");
  const stranger = here.length === 0 && said !== "" ? "; not part of the cast" : "";
  return `${upperFirst(said)}${stranger}.`;
}

function subjectOf(here: readonly CastMember[]): string {
  const names = here.map((member) => nameOf(member, here.length === 1));
  const last = names.pop() ?? "";
  return names.length > 0 ? `${names.join(", ")} and ${last}` : last;
}

function nameOf({ kind, name }: CastMember, alone: boolean): string {
  const bare = withoutArticle(name);
  if (kind === "character") return bare === name.trim() ? bare : `the ${bare}`;
  const thing = lowerFirst(bare);
  const article = alone ? articleOf(thing) : "the";
  return article === "" ? thing : `${article} ${thing}`;
}
