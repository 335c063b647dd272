import type { SeededRandom } from "@followspot/domain";
import type { View } from "../art/figure.ts";
import { CAST } from "../cast.ts";

const LOOKS: Record<View, string> = {
  front: "facing the camera",
  side: "in profile",
  back: "seen from behind",
  disguised: "wearing the grandmother's nightcap and gown",
};

/** "Little Red Riding Hood in profile, in the garden in the low evening sun." Identity first, then view, place, light. */
export function captionOf(
  random: SeededRandom,
  {
    label,
    view,
    where,
    light,
  }: { readonly label: string; readonly view: View; readonly where: string; readonly light: string },
): string {
  const member = CAST.find(({ id }) => id === label);
  if (!member) return `${label} ${where}, ${light}.`;
  if (member.kind === "prop") {
    const noun = `${/^[aeiou]/i.test(member.name) ? "an" : "a"} ${member.name.toLowerCase()}`;
    const thing = member.name === "Flowers" ? "a bunch of flowers" : noun;
    const opening = random.pick([
      `A photograph of ${thing}`,
      `${capital(thing)} from the show`,
      `${capital(thing)}, one of the show's props,`,
    ]);
    return `${opening} ${where}, ${light}.`;
  }
  const opening = random.pick([
    `${capital(member.name)} ${LOOKS[view]}`,
    `The puppet of ${lower(member.name)}, ${LOOKS[view]},`,
    `${capital(member.name)}, a felt puppet, ${LOOKS[view]}`,
  ]);
  return `${opening} ${where}, ${light}.`;
}

/** "Little Red Riding Hood and the wolf together in the garden." */
export function groupCaption(
  labels: readonly string[],
  { where, light }: { readonly where: string; readonly light: string },
): string {
  const names = labels.map((label) => {
    const member = CAST.find(({ id }) => id === label);
    if (!member) return label;
    if (member.kind === "character") return lower(member.name);
    return member.id === "flowers" ? "the bunch of flowers" : `the ${member.name.toLowerCase()}`;
  });
  return `${capital(`${names.slice(0, -1).join(", ")} and ${names.at(-1)}`)} together ${where}, ${light}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names that start with an article lose their capital within a sentence. */
function lower(name: string): string {
  return name.replace(/^The /, "the ");
}
