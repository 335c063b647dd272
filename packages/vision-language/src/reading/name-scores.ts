import { readLogprobs } from "./token-logprobs.ts";

/**
 * How probable the model held the words of each name when it wrote them: the product over the name's tokens. Undefined
 * where the server gave no probabilities, or such as do not fit the text. It is not calibrated; and under a constraint
 * it is relative to what the constraint allowed.
 */
export function nameScores(
  text: string,
  logprobs: string,
  names: readonly string[],
): ReadonlyMap<string, number> | undefined {
  const tokens = takenTokens(text, logprobs);
  if (!tokens) return undefined;
  const scores = new Map<string, number>();
  const lower = text.toLowerCase();
  for (const name of names) {
    // Another spelling than the cast's was read all the same: then the whole answer stands for the name.
    const at = placeOf(name.toLowerCase(), lower);
    const [from, to] = at < 0 ? [0, text.length] : [at, at + name.length];
    const within = tokens.filter((token) => token.from < to && token.to > from);
    scores.set(name, Math.min(1, Math.exp(within.reduce((sum, { logprob }) => sum + logprob, 0))));
  }
  return scores;
}

/** Where it stands and is not a part of another name; -1 where it does not. */
function placeOf(name: string, text: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const beside = [text.slice(0, at).at(-1), text.at(at + name.length)];
    if (!beside.some((sign) => sign !== undefined && /[\p{L}\p{N}_-]/u.test(sign))) return at;
  }
  return -1;
}

interface Token {
  readonly from: number;
  readonly to: number;
  readonly logprob: number;
}

/** Where in the text each token stands. Which alternative was taken is told by nothing but the text itself. */
function takenTokens(text: string, logprobs: string): readonly Token[] | undefined {
  const places = readLogprobs(logprobs);
  if (!places) return undefined;
  const deadEnds = new Set<string>();
  const taken: Token[] = [];
  const fits = (place: number, at: number): boolean => {
    // What follows the end of the text ends the answer, and is not in it.
    if (at === text.length) return true;
    const key = `${place},${at}`;
    if (place === places.length || deadEnds.has(key)) return false;
    const alternatives = places[place]?.toSorted((a, b) => b.logprob - a.logprob) ?? [];
    for (const { token, logprob } of alternatives) {
      if (!text.startsWith(token, at)) continue;
      taken.push({ from: at, to: at + token.length, logprob });
      if (fits(place + 1, at + token.length)) return true;
      taken.pop();
    }
    deadEnds.add(key);
    return false;
  };
  return text.length > 0 && fits(0, 0) ? taken : undefined;
}
