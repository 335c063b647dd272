import { z } from "zod";

/** One entry a token: what stands at its place, by token id; the one that was taken has decoded_token in the text. */
const LogprobsShape = z.array(
  z.record(z.string(), z.object({ logprob: z.number(), decoded_token: z.string().nullish() })),
);

/**
 * How probable the model held the words of each name when it wrote them: the product over the name's tokens. Undefined
 * where the server gave no probabilities, or such as do not fit the text. It is not calibrated; whoever reports it says
 * so.
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
    const at = lower.indexOf(name.toLowerCase());
    const [from, to] = at < 0 ? [0, text.length] : [at, at + name.length];
    const within = tokens.filter((token) => token.from < to && token.to > from);
    scores.set(name, Math.min(1, Math.exp(within.reduce((sum, { logprob }) => sum + logprob, 0))));
  }
  return scores;
}

/** Where in the text each token stands. */
function takenTokens(text: string, logprobs: string) {
  let json: unknown;
  try {
    json = JSON.parse(logprobs);
  } catch {
    return undefined;
  }
  const parsed = LogprobsShape.safeParse(json);
  if (!parsed.success || parsed.data.length === 0) return undefined;
  const tokens: { readonly from: number; readonly to: number; readonly logprob: number }[] = [];
  let at = 0;
  for (const place of parsed.data) {
    const taken = Object.values(place).find(
      ({ decoded_token: token }) => token && text.startsWith(token, at),
    );
    // The last token, which ends the answer, is not in the text.
    if (!taken?.decoded_token) continue;
    tokens.push({ from: at, to: at + taken.decoded_token.length, logprob: taken.logprob });
    at += taken.decoded_token.length;
  }
  return at === text.length ? tokens : undefined;
}
