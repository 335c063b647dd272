import {
  type DescribedSample,
  describeSamples,
  encodeModel,
  fitUnderstudy,
  recognizeDescribed,
  ownEye,
  recognizePixels,
  type Recognition,
  type UnderstudyModel,
} from "@followspot/recognition";
import type { ExamFold, ExamItem, Patience } from "../exam/exam.ts";
import { type Answer, type Contestant, type ContestantCard, sortLabels } from "./contestant.ts";

/** So many pictures are decoded at once; then their pixels may go. */
const CHUNK = 16;
const WARM_UP_LOOKS = 3;

/** The understudy, trained anew for each fold, so that it is only asked about what it has not seen. */
export class LearningUnderstudy implements Contestant {
  readonly #seed: number;
  readonly #name: string;
  readonly #labels: readonly string[];
  #modelBytes: number | undefined;
  /** Each picture is described once, however many folds it is in. */
  readonly #described = new WeakMap<ExamItem, DescribedSample>();

  constructor({ name, seed, labels }: { name: string; seed: number; labels: readonly string[] }) {
    this.#name = name;
    this.#seed = seed;
    this.#labels = labels;
  }

  get card(): ContestantCard {
    return {
      name: this.#name,
      kind: "understudy",
      learns: true,
      version: undefined,
      labels: undefined,
      modelBytes: this.#modelBytes,
      contract: undefined,
    };
  }

  async answer<Item extends ExamItem>(
    folds: readonly ExamFold<Item>[],
    { onProgress = () => {}, signal }: Patience = {},
  ): Promise<ReadonlyMap<Item, Answer>> {
    const answers = new Map<Item, Answer>();
    const items = new Set(folds.flatMap(({ train, test }) => [...train, ...test]));
    await this.#describe([...items], { signal, onProgress: (share) => onProgress(share / 2) });
    for (const [index, { train, test }] of folds.entries()) {
      if (test.length === 0) continue;
      const model = await this.#fit(train, signal);
      for (const item of test) {
        const described = this.#described.get(item);
        if (described) answers.set(item, answerOf(recognizeDescribed(model, described, this.#labels)));
        await breathe(signal);
      }
      onProgress((1 + (index + 1) / folds.length) / 2);
    }
    return answers;
  }

  async time(
    looks: readonly ExamItem[],
    training: readonly ExamItem[],
    { onProgress = () => {}, signal }: Patience = {},
  ): Promise<readonly number[]> {
    await this.#describe(training, { signal });
    const model = await this.#fit(training, signal);
    this.#modelBytes = encodeModel(model).byteLength;
    const times: number[] = [];
    const all = [...looks.slice(0, WARM_UP_LOOKS), ...looks];
    for (const [index, look] of all.entries()) {
      const { picture } = await look.load();
      const startedMs = performance.now();
      await recognizePixels({ model, eye: ownEye }, picture, this.#labels);
      const ms = performance.now() - startedMs;
      if (index >= all.length - looks.length) times.push(ms);
      onProgress((index + 1) / all.length);
      await breathe(signal);
    }
    return times;
  }

  async close(): Promise<void> {}

  async #describe(items: readonly ExamItem[], { onProgress = () => {}, signal }: Patience): Promise<void> {
    const missing = items.filter((item) => !this.#described.has(item));
    for (let from = 0; from < missing.length; from += CHUNK) {
      const chunk = missing.slice(from, from + CHUNK);
      const samples = await Promise.all(chunk.map((item) => item.load()));
      const described = await describeSamples(samples, signal ? { signal } : {});
      for (const [index, item] of chunk.entries()) {
        const one = described[index];
        if (one) this.#described.set(item, one);
      }
      onProgress(Math.min(1, (from + CHUNK) / missing.length));
      await breathe(signal);
    }
  }

  async #fit(train: readonly ExamItem[], signal: AbortSignal | undefined): Promise<UnderstudyModel> {
    const described = train.flatMap((item) => this.#described.get(item) ?? []);
    return await fitUnderstudy(described, { seed: this.#seed, ...(signal ? { signal } : {}) });
  }
}

export function answerOf({ labels, unknown }: Recognition): Answer {
  return { labels: sortLabels(labels), unknown, unparseable: undefined };
}

/** Lets the process answer Ctrl-C and draw its progress. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  signal?.throwIfAborted();
}
