import { z } from "zod";

/** One alternative at a place of the answer. */
export interface TokenAlternative {
  readonly token: string;
  readonly logprob: number;
}

const Place = z.record(z.string(), z.object({ logprob: z.number(), decoded_token: z.string().nullish() }));
const Places = z.array(Place);

/** Each place of an answer, with what could stand there. Undefined where the server gave none, or nonsense. */
export function readLogprobs(json: string): readonly (readonly TokenAlternative[])[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const parsed = Places.safeParse(value);
  if (!parsed.success || parsed.data.length === 0) return undefined;
  return parsed.data.map((place) =>
    Object.values(place).flatMap(({ logprob, decoded_token: token }) =>
      token && logprob <= 1e-6 ? [{ token, logprob: Math.min(0, logprob) }] : [],
    ),
  );
}
