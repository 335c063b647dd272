import type { Answer } from "../contestants/contestant.ts";
import { topOf } from "../figures/outcome.ts";
import { type Interval, wilson } from "../statistics/interval.ts";
import { backgroundOf } from "./background.ts";
import type { ExamFold, ExamItem } from "./exam.ts";
import { type Exhibit, showsOne } from "./exhibit.ts";
import type { Fold } from "./folds.ts";

/** The pictures of some folds without their subjects, and how often somebody is named from them rightly. */
export class Backgrounds {
  /** Pictures without their framed subjects, and those of which only the border was left since nobody framed them. */
  readonly from = { boxes: 0, borders: 0 };
  readonly #folds: readonly Fold[];
  readonly #emptied = new Map<Exhibit, ExamItem>();

  constructor(folds: readonly Fold[]) {
    this.#folds = folds;
  }

  /** Learnt as ever, and asked about the backgrounds besides: does the recognizer look at the place? */
  besides(): readonly ExamFold<ExamItem>[] {
    return this.#folds.map(({ train, test }) => ({ train, test: [...test, ...this.#asked(test)] }));
  }

  /** Learnt from backgrounds, too: does the place give the subjects away? */
  alone(): readonly ExamFold<ExamItem>[] {
    return this.#folds.map(({ train, test }) => ({
      train: train.map((exhibit) => this.#emptyOf(exhibit)),
      test: this.#asked(test),
    }));
  }

  /** Undefined where no picture of one subject was asked about. */
  share(
    answers: ReadonlyMap<ExamItem, Answer>,
  ): { readonly share: number; readonly interval: Interval } | undefined {
    let [right, n] = [0, 0];
    for (const exhibit of this.#folds.flatMap(({ test }) => test.filter(showsOne))) {
      const answer = answers.get(this.#emptyOf(exhibit));
      if (!answer) continue;
      n++;
      if (topOf(answer)?.label === exhibit.present[0]) right++;
    }
    return n === 0 ? undefined : { share: right / n, interval: wilson(right, n) };
  }

  #asked(test: readonly Exhibit[]): ExamItem[] {
    return test.filter(showsOne).map((exhibit) => this.#emptyOf(exhibit));
  }

  #emptyOf(exhibit: Exhibit): ExamItem {
    const known = this.#emptied.get(exhibit);
    if (known) return known;
    const item = { load: async () => backgroundOf(await exhibit.load()) };
    this.#emptied.set(exhibit, item);
    this.from[exhibit.objects ? "boxes" : "borders"]++;
    return item;
  }
}
