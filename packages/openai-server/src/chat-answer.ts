import { InferenceError } from "@followspot/triton";
import { z } from "zod";

export interface ChatAnswer {
  readonly text: string;
  /** JSON as vLLM tells them: for each token its alternatives by id. Empty where the server gave none. */
  readonly logprobs: string;
  /** "stop" where the model ended by itself, "length" where it was cut off; undefined where the server does not say. */
  readonly finishReason: string | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly callMs: number;
}

const Alternative = z.object({ id: z.number().optional(), token: z.string(), logprob: z.number() });
const Place = Alternative.extend({ top_logprobs: z.array(Alternative).default([]) });
const count = z.number().int().nonnegative();

const Completion = z.object({
  choices: z
    .array(
      z.object({
        message: z.object({ content: z.string().nullish() }),
        finish_reason: z.string().nullish(),
        // llama.cpp leaves it out where the text is half a letter.
        logprobs: z.object({ content: z.array(Place).nullish() }).nullish(),
      }),
    )
    .min(1),
  usage: z.object({ prompt_tokens: count.optional(), completion_tokens: count.optional() }).nullish(),
});

const MOST_CHARACTERS = 200_000;

/** Reads a chat completion and believes nothing. @throws InferenceError malformed-answer */
export function parseChatAnswer(value: unknown, callMs: number): ChatAnswer {
  const parsed = Completion.safeParse(value);
  const [choice] = parsed.data?.choices ?? [];
  if (!parsed.success || !choice) {
    const [issue] = parsed.error?.issues ?? [];
    throw new InferenceError(
      "malformed-answer",
      `no chat completion: ${issue?.path.join(".")}: ${issue?.message}`,
    );
  }
  const text = choice.message.content ?? "";
  if (text.length > MOST_CHARACTERS) throw new InferenceError("malformed-answer", "the answer does not end");
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = parsed.data.usage ?? {};
  const places = choice.logprobs?.content ?? [];
  return {
    text,
    logprobs: places.length === 0 ? "" : JSON.stringify(places.map(placeOf)),
    finishReason: choice.finish_reason ?? undefined,
    inputTokens,
    outputTokens,
    callMs,
  };
}

/** Not every server tells ids: then the texts tell the alternatives apart. */
function placeOf({ top_logprobs: alternatives, ...chosen }: z.output<typeof Place>): object {
  return Object.fromEntries(
    [...alternatives, chosen].map(({ id, token, logprob }) => [
      id ?? token,
      { logprob, decoded_token: token },
    ]),
  );
}
