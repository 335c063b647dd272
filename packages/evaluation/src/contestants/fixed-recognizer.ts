import type { Picture } from "@followspot/dataset";
import type { ExamFold, ExamItem, Patience } from "../exam/exam.ts";
import type { Answer, Contestant, ContestantCard } from "./contestant.ts";

/** One look: the answer, and the milliseconds that it took without what came before it. */
export interface Look {
  readonly answer: Answer;
  readonly ms: number;
}

export interface FixedRecognizerParts {
  readonly card: Omit<ContestantCard, "learns">;
  readonly look: (picture: Picture, signal: AbortSignal | undefined) => Promise<Look>;
  readonly close?: () => Promise<void>;
}

const WARM_UP_LOOKS = 3;

/** A recognizer that was trained before: it is asked as it is, whatever the folds would have it learn. */
export class FixedRecognizer implements Contestant {
  readonly card: ContestantCard;
  readonly #look: FixedRecognizerParts["look"];
  readonly #close: () => Promise<void>;

  constructor({ card, look, close = async () => {} }: FixedRecognizerParts) {
    this.card = { ...card, learns: false };
    this.#look = look;
    this.#close = close;
  }

  /** One picture, outside of any exam. */
  look(picture: Picture, signal?: AbortSignal): Promise<Look> {
    return this.#look(picture, signal);
  }

  async answer<Item extends ExamItem>(
    folds: readonly ExamFold<Item>[],
    { onProgress = () => {}, signal }: Patience = {},
  ): Promise<ReadonlyMap<Item, Answer>> {
    const answers = new Map<Item, Answer>();
    const items = folds.flatMap(({ test }) => test);
    for (const item of items) {
      signal?.throwIfAborted();
      const { answer } = await this.#look((await item.load()).picture, signal);
      answers.set(item, answer);
      onProgress(answers.size / items.length);
    }
    return answers;
  }

  async time(
    looks: readonly ExamItem[],
    _training: readonly ExamItem[],
    { onProgress = () => {}, signal }: Patience = {},
  ): Promise<readonly number[]> {
    const times: number[] = [];
    const all = [...looks.slice(0, WARM_UP_LOOKS), ...looks];
    for (const [index, item] of all.entries()) {
      signal?.throwIfAborted();
      const { ms } = await this.#look((await item.load()).picture, signal);
      if (index >= all.length - looks.length) times.push(ms);
      onProgress((index + 1) / all.length);
    }
    return times;
  }

  async close(): Promise<void> {
    await this.#close();
  }
}
