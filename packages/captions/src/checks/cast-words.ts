import type { CastMember } from "@followspot/domain";
import { withoutArticle } from "./fold-aliases.ts";

/** Ids of the members that a text calls by name or alias; the longest name first, so that none is read within another. */
export function membersNamed(text: string, cast: readonly CastMember[]): ReadonlySet<string> {
  const names = cast
    .flatMap(({ id, name, aliases }) => [name, ...aliases].map((one) => ({ id, name: withoutArticle(one) })))
    .filter(({ name }) => name !== "")
    .sort((a, b) => b.name.length - a.name.length);
  const found = new Set<string>();
  let rest = text.normalize("NFC");
  for (const { id, name } of names) {
    const words = name.split(/\s+/).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
    const pattern = new RegExp(
      String.raw`(?<![\p{L}\p{N}-])${words.join(String.raw`\s+`)}(?![\p{L}\p{N}-])`,
      "giu",
    );
    rest = rest.replaceAll(pattern, () => {
      found.add(id);
      return "_";
    });
  }
  return found;
}

/** Words that carry no content of their own. */
const EMPTY = new Set(
  "a an and are as at be behind by for from he her his in into is it its of off on one or out over she that the their them they this to two under up was with without".split(
    " ",
  ),
);

/** The words of a text that say something, in small letters and cut to their stem, roughly. */
export function contentWords(text: string): ReadonlySet<string> {
  const words = text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  return new Set(words.filter((word) => !EMPTY.has(word)).map(stem));
}

/** English endings: "facing", "faces" and "faced" are one word, "hooded" and "hood" another. */
function stem(word: string): string {
  const cut = word.replace(/(?:ing|ed|es|s|e|ly)$/, "");
  const short = cut.length >= 3 ? cut : word;
  return /([b-df-hj-np-tv-z])\1$/.test(short) ? short.slice(0, -1) : short;
}
