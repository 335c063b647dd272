import type { CastMember } from "@followspot/domain";
import type { Scene, Show } from "@followspot/show";
import { plainText } from "./plain-text.ts";

/**
 * What the model is told about the show, before it sees any picture. It is the same for every frame of a scene, down to
 * the byte, so that the server computes it once.
 * @param sceneId the scene that is played; nothing is said of scenes where it is left out or not one of the show's
 */
export function systemText(show: Pick<Show, "name" | "cast" | "scenes" | "rules">, sceneId?: string): string {
  const scene = show.scenes.find(({ id }) => id === sceneId);
  return [
    `You watch the puppet show "${plainText(show.name)}" through a camera and say who and what is in the picture. ` +
      "Name only who can be seen, by id.",
    ...section("Characters", show.cast.filter(({ kind }) => kind === "character").map(describeMember)),
    ...section("Props", show.cast.filter(({ kind }) => kind === "prop").map(describeMember)),
    ...section("Rules", show.rules.map(plainText)),
    ...(scene ? [describeScene(scene)] : []),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `- ${line}`)];
}

function describeMember({ id, name, aliases, description }: CastMember): string {
  const called = [name, ...aliases].map(plainText).filter((word) => word !== "");
  const looks = plainText(description);
  return `${id}: ${called.join(", also ")}${looks === "" ? "" : `. ${looks}`}`;
}

function describeScene({ name, cast }: Scene): string {
  const expected = cast.length > 0 ? ` Expected are ${cast.join(", ")}; others may be there, too.` : "";
  return `The scene is "${plainText(name)}".${expected}`;
}
