import type { CastMember } from "@followspot/domain";
import { isMeant, patternOf, withoutArticle } from "./fold-aliases.ts";

/**
 * Ids of the members that a text calls by name, or by an alias that stands for itself ("the lamp", not "the desk lamp");
 * the longest name first, so that none is read within another.
 */
export function membersNamed(text: string, cast: readonly CastMember[]): ReadonlySet<string> {
  const names = cast
    .flatMap(({ id, name, aliases }) => [
      { id, name: withoutArticle(name), isAlias: false },
      ...aliases.map((alias) => ({ id, name: withoutArticle(alias), isAlias: true })),
    ])
    .filter(({ name }) => name !== "")
    .sort((a, b) => b.name.length - a.name.length);
  const found = new Set<string>();
  let rest = text.normalize("NFC");
  for (const { id, name, isAlias } of names) {
    const pattern = new RegExp(
      String.raw`(?<![\p{L}\p{M}\p{N}-])${patternOf(name)}(?![\p{L}\p{M}\p{N}-])`,
      "giu",
    );
    rest = rest.replaceAll(pattern, (match: string, at: number, whole: string) => {
      // A name within another thing's name is no mention, but it is not to be read in part either.
      if (!isAlias || isMeant(match, whole.slice(0, at))) found.add(id);
      return "_".repeat(match.length);
    });
  }
  return found;
}

/** Words that carry no content of their own. */
const EMPTY = new Set(
  "a an and are as at be behind beside by for from he her his in into is it its of off on one or out over she that the their them they this to two under up was with without".split(
    " ",
  ),
);

/** The words of a text that say something, each as it is written first, by its stem in small letters. */
export function contentWords(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const word of text.match(/\p{L}{3,}/gu) ?? []) {
    const small = word.toLowerCase();
    if (!EMPTY.has(small) && !found.has(stem(small))) found.set(stem(small), word);
  }
  return found;
}

/** English endings: "facing", "faces" and "faced" are one word, "hooded" and "hood" another. */
function stem(word: string): string {
  const cut = word.replace(/(?:ing|ed|es|s|e|ly)$/, "");
  const short = cut.length >= 3 ? cut : word;
  return /([b-df-hj-np-tv-z])\1$/.test(short) ? short.slice(0, -1) : short;
}
