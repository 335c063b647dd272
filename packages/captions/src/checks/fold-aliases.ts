import type { CastMember } from "@followspot/domain";

const BEFORE =
  /(?:^|[.,;:!?("“‘]\s*|\b(?:an?|the|his|her|its|their|this|that|one|and|or|with|of|by|for|to|from|at|on|in|behind|beside|holding|near|under|before|like|as)\s+)$/iu;

/**
 * Whether an alias is meant as one where it stands. A word like "lamp" may be part of another thing's name, as in "desk
 * lamp", unless nothing but an article or the like stands before it; a name like "Granny" is always meant.
 */
export function isMeant(alias: string, before: string): boolean {
  return /^\p{Lu}/u.test(alias) || BEFORE.test(before);
}

/** A text with the members called by their names, whatever else they are also called. Only those who are given. */
export function foldAliases(text: string, members: readonly CastMember[]): string {
  const memberOf = new Map<string, CastMember | undefined>();
  for (const member of members) {
    for (const alias of member.aliases) memberOf.set(key(withoutArticle(alias)), member);
  }
  // A name is left as it is, and with it any alias that it holds: "Little Red" in "Little Red Riding Hood".
  for (const { name } of members) memberOf.set(key(withoutArticle(name)), undefined);
  memberOf.delete("");
  if (memberOf.size === 0) return text;
  const longestFirst = [...memberOf.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    String.raw`(?<article>(?<!\p{L})(?:a|an|the)\s+)?(?<![\p{L}\p{M}\p{N}-])(?<alias>${longestFirst.map(patternOf).join("|")})(?![\p{L}\p{M}\p{N}-])`,
    "giu",
  );
  return text.normalize("NFC").replaceAll(pattern, (match: string, ...rest: unknown[]) => {
    const { article = "", alias } = rest.at(-1) as { readonly article?: string; readonly alias: string };
    const [at, whole] = rest.slice(-3, -1) as [number, string];
    const before = whole.slice(0, at);
    const member = memberOf.get(key(alias));
    if (!member || (article === "" && !isMeant(alias, before))) return match;
    const first = /(?:^|[.!?]\s*)$/.test(before) && /^\p{Lu}/u.test(match);
    return called(member, { article, first });
  });
}

/** The name in place of what stood there, with an article that goes with it. */
function called(
  { kind, name }: CastMember,
  { article, first }: { readonly article: string; readonly first: boolean },
): string {
  const bare = withoutArticle(name);
  if (kind === "character") return bare === name.trim() ? bare : `${first ? "The" : "the"} ${bare}`;
  const thing = lowerFirst(bare);
  const wanted = article.trim().toLowerCase();
  const fitting = wanted === "the" || wanted === "" ? wanted : articleOf(thing);
  const whole = fitting === "" ? thing : `${fitting} ${thing}`;
  return first ? upperFirst(whole) : whole;
}

/** "a" or "an"; none before a plural. */
export function articleOf(thing: string): string {
  if (/[^s]s$/i.test(thing)) return "";
  return /^[aeiou]/i.test(thing) ? "an" : "a";
}

export function withoutArticle(name: string): string {
  return name.trim().replace(/^(?:the|an?)\s+/i, "");
}

export function lowerFirst(text: string): string {
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

export function upperFirst(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function key(text: string): string {
  return text.normalize("NFC").toLowerCase().replaceAll("’", "'").split(/\s+/).join(" ").trim();
}

/** Words as a pattern: however far apart, and with either apostrophe. */
export function patternOf(words: string): string {
  return words
    .normalize("NFC")
    .split(/\s+/)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/['’]/g, "['’]"))
    .join(String.raw`\s+`);
}
