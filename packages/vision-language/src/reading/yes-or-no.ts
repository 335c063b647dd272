import { NO, YES } from "../prompt/questions.ts";
import { readLogprobs, type TokenAlternative } from "./token-logprobs.ts";

export interface YesOrNo {
  /** Log-odds of yes against no, not calibrated. */
  readonly raw: number;
  /** From the probabilities of both, of one of them alone, or from the word that was said. */
  readonly reading: "probabilities" | "one-sided" | "word";
}

/** What a bare word is worth: sure, but as no probability was told, not very. */
const WORD_RAW = 3;
/** e^-20: less is not told apart from nothing. */
const LEAST_LOGPROB = -20;

/**
 * Reads the first token of the answer to a yes-or-no question: the probability of yes against that of no, each summed
 * over its spellings. Where only one of them is among the alternatives that were told, the other is held to be as
 * probable as the least of those, which understates. Undefined where neither was said: then nothing was answered.
 */
export function readYesOrNo(text: string, logprobs: string): YesOrNo | undefined {
  const [first] = readLogprobs(logprobs) ?? [];
  if (first && first.length > 0) {
    const yes = probabilityOf(YES, first);
    const no = probabilityOf(NO, first);
    if (yes === 0 && no === 0) return undefined;
    const least = Math.exp(Math.max(LEAST_LOGPROB, Math.min(...first.map(({ logprob }) => logprob))));
    const raw = Math.log(yes || least) - Math.log(no || least);
    return { raw, reading: yes > 0 && no > 0 ? "probabilities" : "one-sided" };
  }
  const word = fold(text);
  if (word !== YES && word !== NO) return undefined;
  return { raw: word === YES ? WORD_RAW : -WORD_RAW, reading: "word" };
}

function probabilityOf(word: string, alternatives: readonly TokenAlternative[]): number {
  let sum = 0;
  for (const { token, logprob } of alternatives) {
    if (fold(token) === word) sum += Math.exp(Math.max(LEAST_LOGPROB, logprob));
  }
  return sum;
}

/** Tokenizers write a leading space as "Ġ" or "▁"; a full stop belongs to a whole answer. */
function fold(token: string): string {
  return token
    .replaceAll(/[Ġ▁\s]/gu, "")
    .replace(/[.!]$/, "")
    .toLowerCase();
}
