import type { CastMember } from "@followspot/domain";
import { GIVEN_NAMES, NAMING, TITLES, WORDLIKE_NAMES } from "./known-names.ts";
import { SENTENCE_STARTS } from "./ordinary-words.ts";

/** What a caption may say without anybody having made it up. */
export interface Vocabulary {
  /** Words of the names and aliases of the cast: these are names, and known. */
  readonly names: ReadonlySet<string>;
  /** Words that were met in small letters, so that a capital does not make them a name. */
  readonly words: ReadonlySet<string>;
}

const WORD = /\p{L}[\p{L}\p{M}]*(?:['’]\p{L}+)*/gu;
/** What ends a sentence, and whatever of brackets and quotes may follow it. */
const SENTENCE_END = /(?:^|[.!?:;\n])["'’”)\]\s]*["'‘“([]*$/u;
/** Endings of what is no name where it begins a sentence: "Standing", "Seen from behind, quietly". */
const NO_NAME = /(?:ing|ed|ly)$/;

/** @param texts what is known besides: descriptions, scenes, rules, captions that people wrote. */
export function vocabularyOf(cast: readonly CastMember[], texts: readonly string[] = []): Vocabulary {
  const names = new Set<string>();
  for (const { name, aliases } of cast) {
    for (const { word } of wordsOf([name, ...aliases].join(" . "))) names.add(word);
  }
  const known = new Set<string>();
  for (const text of [...cast.map(({ description }) => description), ...texts]) {
    for (const { word, capital } of wordsOf(text)) if (!capital) known.add(word);
  }
  return { names, words: known };
}

/**
 * Words of the text that look like the name of somebody who is not in the cast: those with a capital letter inside a
 * sentence or, where nothing says that it is an ordinary word, at its beginning; well-known names in any case; what
 * follows a title; and an unknown word after "called" or "named". In the order of the text, each once, as they are written there.
 *
 * It tells names by capital letters, as English writes them: in a language that capitalises its nouns it says too much,
 * in a script without capitals it finds nothing.
 */
export function inventedNames(text: string, { names, words }: Vocabulary): readonly string[] {
  const found = new Map<string, string>();
  let afterTitle = false;
  let afterNaming = false;
  for (const { word, written, capital, first } of wordsOf(text)) {
    const known = names.has(word);
    const ordinary = words.has(word);
    const named = afterNaming && !ordinary && !SENTENCE_STARTS.has(word);
    const suspect =
      !known && (isName(word, { capital, first, ordinary }) || (afterTitle && capital) || named);
    if (suspect && !found.has(word)) found.set(word, written);
    afterTitle = TITLES.has(word) && !known;
    afterNaming = NAMING.has(word);
  }
  return [...found.values()];
}

function isName(
  word: string,
  {
    capital,
    first,
    ordinary,
  }: { readonly capital: boolean; readonly first: boolean; readonly ordinary: boolean },
): boolean {
  if (GIVEN_NAMES.has(word)) return capital || !ordinary;
  if (!capital) return false;
  if (WORDLIKE_NAMES.has(word)) return !first || !ordinary;
  if (ordinary || SENTENCE_STARTS.has(word)) return false;
  return !(first && (NO_NAME.test(word) || TITLES.has(word)));
}

interface Word {
  /** In small letters, without accents, without "'s". */
  readonly word: string;
  readonly written: string;
  readonly capital: boolean;
  /** Whether it begins a sentence. */
  readonly first: boolean;
}

function* wordsOf(source: string): Generator<Word> {
  const text = source.normalize("NFC");
  for (const { 0: match, index } of text.matchAll(WORD)) {
    const written = match.replace(/['’]s$/i, "");
    yield {
      word: fold(written),
      written,
      capital: /^\p{Lu}/u.test(written),
      first: SENTENCE_END.test(text.slice(Math.max(0, index - 20), index)),
    };
  }
}

function fold(word: string): string {
  return word.toLowerCase().normalize("NFKD").replaceAll(/\p{M}/gu, "").replaceAll("’", "'");
}
