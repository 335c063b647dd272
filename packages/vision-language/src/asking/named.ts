import { InferenceError } from "@followspot/triton";
import type { EngineAnswer } from "../engine/engine-answer.ts";
import { nameScores } from "../reading/name-scores.ts";
import { type ReadNames, readNames } from "../reading/read-names.ts";
import { readYesOrNo } from "../reading/yes-or-no.ts";
import { UNKNOWN_LABEL } from "@followspot/domain";

/** A refusal is quoted, a novel is not. */
const QUOTED = 80;
/** Who is not named is held to be absent, as surely as a list can say it: odds of 1 to 20. */
export const UNNAMED_RAW = -3;
const MOST_PROBABLE = 0.999;

export interface Named extends ReadNames {
  /** Log-odds of a label that was named, of `unknown`, or of one that was not. */
  readonly rawOf: (label: string) => number;
}

/**
 * Whom a list of names names, and how surely: being named is half of it, how probable the words were is the other half.
 * @throws InferenceError malformed-answer for what nobody can be read from
 */
export function namedIn({ text, logprobs }: EngineAnswer, labels: readonly string[]): Named {
  const read = readNames(text, labels);
  if (!read) throw unreadable(text, "nobody can be read from");
  const said = read.unknown ? [...read.names, UNKNOWN_LABEL] : read.names;
  const probable = nameScores(text, logprobs, said);
  const rawOf = (label: string) => {
    if (!said.includes(label)) return UNNAMED_RAW;
    return logOdds(0.5 + (probable?.get(label) ?? 1) / 2);
  };
  return { ...read, rawOf };
}

/** @throws InferenceError malformed-answer where neither yes nor no was answered */
export function yesOrNoIn({ text, logprobs }: EngineAnswer) {
  const read = readYesOrNo(text, logprobs);
  if (!read) throw unreadable(text, "neither yes nor no is");
  return read;
}

export function logOdds(probability: number): number {
  const inside = Math.min(MOST_PROBABLE, Math.max(1 - MOST_PROBABLE, probability));
  return Math.log(inside / (1 - inside));
}

function unreadable(text: string, what: string): InferenceError {
  const quoted = JSON.stringify(text.length > QUOTED ? `${text.slice(0, QUOTED)}...` : text);
  return new InferenceError("malformed-answer", `${what} ${quoted}`);
}
