import type { CastMember } from "@followspot/domain";
import { z } from "zod";
import { cleanText } from "../chat/clean-text.ts";
import { MOST_IDENTITY, MOST_PLACE, MOST_STATE, whoOf } from "../prompts/tidy.ts";
import { type Reading, readObject } from "./read-object.ts";

/** A caption, taken apart. */
export interface Tidied {
  /** Cast ids, and "unknown". */
  readonly who: readonly string[];
  /** Looks that do not change. */
  readonly identity: string;
  /** What is the case in this picture only. */
  readonly state: string;
  readonly place: string;
}

export interface ReadTidied {
  readonly tidied: Tidied;
  readonly reading: Reading;
}

const text = (most: number) => z.string().max(most).transform(cleanText);
const Answer = z.object({
  who: z.array(z.string().max(80)).max(32),
  identity: text(MOST_IDENTITY),
  state: text(MOST_STATE),
  place: text(MOST_PLACE),
});

/**
 * The text model's answer. Undefined where a part is missing, is no text, or somebody is named who is not of the cast:
 * what the model may have meant is not guessed.
 */
export function readTidied(answer: string, cast: readonly CastMember[]): ReadTidied | undefined {
  const read = readObject(answer);
  if (!read) return undefined;
  const parsed = Answer.safeParse(read.value);
  if (!parsed.success) return undefined;
  const known = new Set(whoOf(cast));
  const who = [...new Set(parsed.data.who)];
  if (!who.every((id) => known.has(id))) return undefined;
  const { identity, state, place } = parsed.data;
  if (identity === "" && state === "" && place === "") return undefined;
  return { tidied: { who, identity, state, place }, reading: read.reading };
}
