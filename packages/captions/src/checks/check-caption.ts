import type { CastMember } from "@followspot/domain";
import type { Tidied } from "../reading/read-tidied.ts";
import { contentWords, membersNamed } from "./cast-words.ts";
import { inventedNames, type Vocabulary } from "./invented-names.ts";

/**
 * What speaks against a draft. The first two are facts that nobody has vouched for: a person has to confirm them by
 * word. The others are for the eye.
 */
export const FLAGS = ["invented-name", "not-in-picture", "added", "mixed", "missed"] as const;
export type FlagKind = (typeof FLAGS)[number];

export interface Flag {
  readonly kind: FlagKind;
  /** The word, the id, or the words that it is about. */
  readonly about: string;
}

const TO_CONFIRM: ReadonlySet<FlagKind> = new Set(["invented-name", "not-in-picture"]);

export function needsConfirmation({ kind }: Flag): boolean {
  return TO_CONFIRM.has(kind);
}

export interface CheckedAgainst {
  readonly cast: readonly CastMember[];
  readonly vocabulary: Vocabulary;
  /** Ids of the members who a person says are in the picture. */
  readonly here: ReadonlySet<string>;
}

/** What a caption says that must not pass unseen, whoever wrote it. */
export function checkCaption(caption: string, { cast, vocabulary, here }: CheckedAgainst): readonly Flag[] {
  return [
    ...inventedNames(caption, vocabulary).map((about) => ({ kind: "invented-name", about }) as const),
    ...[...membersNamed(caption, cast)]
      .filter((id) => !here.has(id))
      .map((about) => ({ kind: "not-in-picture", about }) as const),
  ];
}

/** The same for a draft, with what its parts tell besides. @param seen the text that it was made from. */
export function checkDraft(
  { caption, tidied, seen }: { readonly caption: string; readonly tidied: Tidied; readonly seen: string },
  against: CheckedAgainst,
): readonly Flag[] {
  const { cast, here, vocabulary } = against;
  const members = cast.filter(({ id }) => here.has(id));
  const flags = checkCaption(caption, against);
  const claimed = tidied.who.filter((id) => id !== "unknown" && !here.has(id));
  const known = contentWords([seen, ...members.flatMap(({ name, aliases }) => [name, ...aliases])].join(" "));
  const momentary = [...contentWords(`${tidied.state} ${tidied.place}`)];
  const looks = contentWords(tidied.identity);
  const list = (kind: FlagKind, words: readonly string[]): readonly Flag[] =>
    words.length > 0 ? [{ kind, about: words.join(", ") }] : [];
  return unique([
    ...flags,
    ...inventedNames(tidied.identity, vocabulary).map((about) => ({ kind: "invented-name", about }) as const),
    ...claimed.map((about) => ({ kind: "not-in-picture", about }) as const),
    ...list(
      "added",
      momentary.filter(([stem]) => !known.has(stem)).map(([, word]) => word),
    ),
    ...list(
      "mixed",
      momentary.filter(([stem]) => looks.has(stem)).map(([, word]) => word),
    ),
    ...list(
      "missed",
      members.map(({ id }) => id).filter((id) => !tidied.who.includes(id)),
    ),
  ]);
}

function unique(flags: readonly Flag[]): readonly Flag[] {
  const seen = new Set<string>();
  return flags.filter(({ kind, about }) => !seen.has(`${kind} ${about}`) && seen.add(`${kind} ${about}`));
}

/** The flag as a sentence for a person. */
export function flagText({ kind, about }: Flag): string {
  switch (kind) {
    case "invented-name":
      return `"${about}" looks like a name, and is nobody of the cast`;
    case "not-in-picture":
      return `${about} is mentioned, and nobody has framed it in this picture`;
    case "added":
      return `the description of the picture did not say: ${about}`;
    case "mixed":
      return `both as a fixed look and as of the moment: ${about}`;
    case "missed":
      return `framed in this picture, but not described: ${about}`;
    default:
      return kind satisfies never;
  }
}
