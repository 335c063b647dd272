import { setMaxListeners } from "node:events";
import { chatPrompt, PICTURE } from "../prompt/chat.ts";
import { QUESTIONS, scoreQuestion } from "../prompt/questions.ts";
import { type Reading, worse } from "../reading/reading.ts";
import type { YesOrNo } from "../reading/yes-or-no.ts";
import type { Asked, Asker, Told } from "./asker.ts";
import type { EngineAskerOptions } from "./list-asker.ts";
import { yesOrNoIn } from "./named.ts";

/** What servers allow; both words and their spellings are among the first few. */
const LOGPROBS = 20;
/** Requests of one picture under way at once. */
const MOST_AT_ONCE = 8;

/**
 * Yes or no for each label, by probability: one token each, over the same system text and picture. The first is asked
 * alone, so that the others find what they share in the server's cache. Nothing is constrained: under a constraint the
 * probabilities would be relative to yes and no alone.
 */
export class ScoreAsker implements Asker {
  readonly #options: EngineAskerOptions;

  constructor(options: EngineAskerOptions) {
    this.#options = options;
  }

  async ask(question: Asked): Promise<Told> {
    const { labels } = question;
    const questions = [...labels.map(scoreQuestion), QUESTIONS.unknown];
    const answers = await this.#askAll(question, questions);
    let reading: Reading = "probabilities";
    for (const answer of answers) reading = worse(reading, answer.reading);
    return {
      labels: labels.map((label, at) => ({ label, raw: answers[at]?.raw ?? 0 })),
      unknown: { raw: answers.at(-1)?.raw ?? 0 },
      reading,
      ranked: labels,
    };
  }

  /** One failure ends them all: half of an answer is none. */
  async #askAll(
    { picture, prompt, signal, deadlineMs }: Asked,
    questions: readonly string[],
  ): Promise<readonly YesOrNo[]> {
    const { engine, adapter } = this.#options;
    const endsAtMs = performance.now() + deadlineMs;
    const failed = new AbortController();
    const either = AbortSignal.any([signal, failed.signal]);
    setMaxListeners(MOST_AT_ONCE * 4, either);
    const answers: YesOrNo[] = [];
    const askOne = async (at: number): Promise<void> => {
      const answer = await engine.ask(
        {
          prompt: chatPrompt(prompt.text, [PICTURE, { text: questions[at] ?? "" }]),
          pictures: [picture.jpeg],
          sampling: { maxTokens: 1, logprobs: LOGPROBS, adapter },
          promptVersion: prompt.version,
        },
        { signal: either, deadlineMs: endsAtMs - performance.now() },
      );
      answers[at] = yesOrNoIn(answer);
    };
    await askOne(0);
    let next = 1;
    const askOn = async (): Promise<void> => {
      while (next < questions.length && !failed.signal.aborted) await askOne(next++);
    };
    const lanes = Array.from({ length: Math.min(MOST_AT_ONCE, questions.length - 1) }, askOn);
    try {
      await Promise.all(lanes);
    } catch (error) {
      failed.abort(error);
      await Promise.allSettled(lanes);
      throw error;
    }
    return answers;
  }
}
