import type { CastMember } from "@followspot/domain";

export interface NamesRead {
  /** Ids of the members that the text names. */
  readonly members: ReadonlySet<string>;
  /** Names, as capitals inside a sentence tell, that belong to nobody of the cast. */
  readonly strangers: readonly string[];
}

/** Reads who is named in a text, by name or alias; the longest name first, so that "Red" in "Red Riding Hood" is once. */
export class CastNames {
  readonly #names: readonly { readonly id: string; readonly pattern: RegExp }[];

  constructor(cast: readonly CastMember[]) {
    this.#names = cast
      .flatMap(({ id, name, aliases }) =>
        [...new Set([name, ...aliases].map(withoutArticle))].map((text) => ({ id, text })),
      )
      .filter(({ text }) => text !== "")
      .sort((a, b) => b.text.length - a.text.length || (a.id < b.id ? -1 : 1))
      .map(({ id, text }) => ({ id, pattern: patternOf(text) }));
  }

  read(text: string): NamesRead {
    const members = new Set<string>();
    let rest = text.normalize("NFC");
    for (const { id, pattern } of this.#names) {
      rest = rest.replace(pattern, () => {
        members.add(id);
        // A small letter, so that what follows does not begin a sentence.
        return " x ";
      });
    }
    return { members, strangers: strangersIn(rest) };
  }
}

function withoutArticle(name: string): string {
  return name
    .trim()
    .normalize("NFC")
    .replace(/^(?:the|a|an)\s+/i, "");
}

/** The words with any space between them, in any case, as words of their own; also as plural, and before "'s". */
function patternOf(name: string): RegExp {
  const words = name.split(/\s+/).map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(
    String.raw`(?<![\p{L}\p{N}])${words.join(String.raw`\s+`)}(?:s|es)?(?![\p{L}\p{N}])`,
    "giu",
  );
}

const NO_NAMES = new Set(["I", "OK", "LED", "TV", "DIY", "USB"]);

/** Capitalised words that do not begin a sentence. */
function strangersIn(text: string): string[] {
  const found = text.matchAll(
    /(?<=[\p{Ll}\p{N},;]['’]?[\p{Ll}]*\s)\p{Lu}[\p{L}'’-]*(?:\s\p{Lu}[\p{L}'’-]*)*/gu,
  );
  return [...new Set(Array.from(found, ([name]) => name.replace(/['’]s$/, "")))].filter(
    (name) => !NO_NAMES.has(name),
  );
}
