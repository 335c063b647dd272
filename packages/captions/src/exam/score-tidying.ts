import { inventedNames, vocabularyOf } from "../checks/invented-names.ts";
import { readTidied, type Tidied } from "../reading/read-tidied.ts";
import { EXAM_SHOW } from "./exam-show.ts";
import type { TidyTask } from "./tidy-tasks.ts";

/** What an answer is judged by, each from 0 to 1. */
export const TIDY_CRITERIA = ["json", "who", "apart", "aliases", "names"] as const;
export type TidyCriterion = (typeof TIDY_CRITERIA)[number];

export type TidyScore = Readonly<Record<TidyCriterion, number>>;

const PARTS = ["identity", "state", "place"] as const;

/**
 * - `json`: the answer is the JSON that was asked for, with nothing to mend;
 * - `who`: exactly those ids;
 * - `apart`: the share of the words that are in their part, and in no other;
 * - `aliases`: nobody is called by an alias any more;
 * - `names`: nobody has a name who is not in the cast.
 *
 * An answer that cannot be read has nothing of it.
 */
export function scoreTidying(task: TidyTask, answer: string): TidyScore {
  const read = readTidied(answer, EXAM_SHOW.cast);
  if (!read) return { json: 0, who: 0, apart: 0, aliases: 0, names: 0 };
  const { tidied, reading } = read;
  const whole = PARTS.map((part) => tidied[part]).join(". ");
  return {
    json: Number(reading === "json"),
    who: Number(sameSet(tidied.who, task.who)),
    apart: apartness(task, tidied),
    aliases: Number(!task.aliases.some((alias) => hasWord(whole, alias))),
    names: Number(
      !task.planted.some((name) => hasWord(whole, name)) && inventedNames(whole, VOCABULARY).length === 0,
    ),
  };
}

const VOCABULARY = vocabularyOf(
  EXAM_SHOW.cast,
  EXAM_SHOW.scenes.map(({ name }) => name),
);

function apartness(task: TidyTask, tidied: Tidied): number {
  const words = PARTS.flatMap((part) => task[part].map((word) => ({ part, word })));
  const right = words.filter(({ part, word }) =>
    PARTS.every((other) => tidied[other].toLowerCase().includes(word) === (other === part)),
  );
  return words.length === 0 ? 1 : right.length / words.length;
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && other.every((id) => one.includes(id));
}

function hasWord(text: string, words: string): boolean {
  const pattern = words.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(String.raw`(?<!\p{L})${pattern}(?!\p{L})`, "iu").test(withoutNames(text));
}

/** "Little Red" within "Little Red Riding Hood" is the name. */
function withoutNames(text: string): string {
  return EXAM_SHOW.cast.reduce((rest, { name }) => rest.replaceAll(new RegExp(name, "gi"), " "), text);
}
