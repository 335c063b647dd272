/** How an answer in words was understood, the plainest way first. */
export const READINGS = ["json", "repaired-json", "names", "misspelt"] as const;
export type Reading = (typeof READINGS)[number];

export interface ReadNames {
  /** Members of the cast, in the order in which they were named. */
  readonly names: readonly string[];
  /** Whether somebody was said to be there who is nobody of the cast. */
  readonly unknown: boolean;
  readonly reading: Reading;
}

/** The answer where nobody is there, folded. */
const NOBODY = new Set([
  "none",
  "nobody",
  "no one",
  "nobody of the cast",
  "none of the cast",
  "nothing",
  "empty",
]);
const STRANGER = new Set(["unknown", "stranger", "somebody else", "someone else", "other"]);
/** Fields of an object that hold who it is. */
const NAME_FIELDS = ["label", "name", "id", "labels", "names", "answer", "present", "characters", "props"];
/** Names of this length and more are taken for another that differs by one letter. */
const LEAST_LETTERS = 5;
const MAX_LENGTH = 4_000;

/**
 * Reads who is named in the answer of a language model: JSON, JSON that has to be mended, a list of names, a list of
 * names of which one letter is wrong. Undefined where it is none of those, or names somebody who was not asked for:
 * such an answer is not guessed at.
 */
export function readNames(answer: string, labels: readonly string[]): ReadNames | undefined {
  if (answer.length > MAX_LENGTH) return undefined;
  const text = withoutMarks(answer);
  const exact = new Map(labels.map((label) => [fold(label), label]));
  const attempts: readonly (readonly [
    Reading,
    readonly string[] | undefined,
    (word: string) => string | undefined,
  ])[] = [
    ["json", fromJson(text), (word) => exact.get(word)],
    ["repaired-json", fromJson(mended(text)), (word) => exact.get(word)],
    ["names", listed(text), (word) => exact.get(word)],
    ["misspelt", fromJson(mended(text)) ?? listed(text), (word) => exact.get(word) ?? nearest(word, exact)],
  ];
  for (const [reading, words, find] of attempts) {
    const found = words && resolve(words, find);
    if (found) return { ...found, reading };
  }
  return undefined;
}

function resolve(
  words: readonly string[],
  find: (word: string) => string | undefined,
): Omit<ReadNames, "reading"> | undefined {
  const names = new Set<string>();
  let unknown = false;
  for (const word of words.map(fold)) {
    const name = find(word);
    if (name !== undefined) names.add(name);
    else if (STRANGER.has(word)) unknown = true;
    else if (!NOBODY.has(word)) return undefined;
  }
  return { names: [...names], unknown };
}

/** Without boxes, the model's own marks, and the fence around JSON. */
function withoutMarks(answer: string): string {
  return answer
    .replaceAll(/<\|box_start\|>.*?<\|box_end\|>/gs, "\n")
    .replaceAll(/<\|[a-z_]+\|>/g, "\n")
    .replaceAll(/\(\d+,\s*\d+\),\s*\(\d+,\s*\d+\)/g, "\n")
    .replace(/^\s*```(?:json)?/, "")
    .replace(/```\s*$/, "")
    .trim();
}

/** Undefined where it is no JSON, or JSON that names nobody in a way that is known. */
function fromJson(text: string): readonly string[] | undefined {
  try {
    return namesIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function namesIn(value: unknown): readonly string[] | undefined {
  if (value === null) return [];
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) {
    const parts = value.map(namesIn);
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }
  if (typeof value !== "object") return undefined;
  const field = NAME_FIELDS.find((name) => Object.hasOwn(value, name));
  if (field !== undefined) return namesIn((value as Record<string, unknown>)[field]);
  // {"fox": true, "wolf": false}
  const flags = Object.entries(value);
  return flags.length > 0 && flags.every(([, flag]) => typeof flag === "boolean")
    ? flags.flatMap(([name, flag]) => (flag ? [name] : []))
    : undefined;
}

/** The JSON within an answer, with what models tend to get wrong about it put right. */
function mended(text: string): string {
  const from = text.search(/[[{]/);
  if (from < 0) return "";
  const to = Math.max(text.lastIndexOf("]"), text.lastIndexOf("}"));
  const body = (to > from ? text.slice(from, to + 1) : text.slice(from))
    .replaceAll(/[‘’“”']/g, '"')
    .replaceAll(/,\s*(?=[\]}])/g, "")
    .replace(/,\s*$/, "");
  const quotes = body.match(/"/g)?.length ?? 0;
  const open: string[] = [];
  for (const sign of body) {
    if (sign === "[") open.unshift("]");
    else if (sign === "{") open.unshift("}");
    else if (sign === open[0]) open.shift();
  }
  return `${body}${quotes % 2 === 1 ? '"' : ""}${open.join("")}`;
}

/** "the fox, and Wolf." as words; undefined where there is no word. */
function listed(text: string): readonly string[] | undefined {
  const words = text
    .split(/[,;\n]|\s+and\s+|\s*&\s*/i)
    .map((word) => word.replace(/^[\s*•\d.)-]+(?=\D)/, "").trim())
    .filter((word) => word !== "");
  return words.length > 0 ? words : undefined;
}

/** Case, accents, punctuation, articles, and how words are joined do not matter. */
function fold(word: string): string {
  return word
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[_-]+/g, " ")
    .replaceAll(/[^\p{L}\p{N} ]/gu, "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/^(?:and )?(?:the|an?) (?=.)/, "");
}

/** The one name that differs by a single letter; undefined where there is none, or more than one. */
function nearest(word: string, names: ReadonlyMap<string, string>): string | undefined {
  if (word.length < LEAST_LETTERS) return undefined;
  const near = [...names].filter(([name]) => name.length >= LEAST_LETTERS && isOneEditApart(word, name));
  return near.length === 1 ? near[0]?.[1] : undefined;
}

function isOneEditApart(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at++;
  return short.slice(long.length === short.length ? at + 1 : at) === long.slice(at + 1);
}
