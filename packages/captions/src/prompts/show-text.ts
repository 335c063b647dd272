import type { CastMember } from "@followspot/domain";
import type { Show } from "@followspot/show";
import { cleanText } from "../chat/clean-text.ts";

/** What there is to know of a show before its pictures are looked at. */
export type ShowKnowledge = Pick<Show, "name" | "cast" | "scenes" | "rules">;

/** Cast, scenes and rules as both models are told them. */
export function showText({ name, cast, scenes, rules }: ShowKnowledge): string {
  return [
    `The puppet show is "${cleanText(name)}".`,
    ...section("Characters", cast.filter(({ kind }) => kind === "character").map(memberText)),
    ...section("Props", cast.filter(({ kind }) => kind === "prop").map(memberText)),
    ...section(
      "Scenes of the show",
      scenes.map((scene) => cleanText(scene.name)),
    ),
    ...section("Rules", rules.map(cleanText)),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  const told = lines.filter((line) => line !== "");
  return told.length === 0 ? [] : [`${title}:`, ...told.map((line) => `- ${line}`)];
}

function memberText({ id, name, aliases, description }: CastMember): string {
  const others = aliases.map(cleanText).filter((alias) => alias !== "");
  const also = others.length > 0 ? ` (also called ${others.join(", ")})` : "";
  const looks = cleanText(description);
  return `${id}: ${cleanText(name)}${also}${looks === "" ? "" : `. Always looks like this: ${looks}`}`;
}
