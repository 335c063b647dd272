import { InferenceError, type ScoresRecognizer } from "@followspot/triton";
import { boxOfOriginal } from "../pictures/model-box.ts";
import type { Asked, Asker, Told } from "./asker.ts";
import { logOdds } from "./named.ts";

export interface ScoresAskerOptions {
  readonly recognizer: ScoresRecognizer;
  readonly adapter: string | undefined;
  /** Whether the server's scores are calibrated, and not only its raw numbers in another form. */
  readonly calibrated: boolean;
  /** Whether it takes the show's words, an adapter, and the wish for boxes. */
  readonly listens: boolean;
}

/** A server of the `scores` contract: it scores every label of the closed set at once. */
export class ScoresAsker implements Asker {
  readonly #options: ScoresAskerOptions;

  constructor(options: ScoresAskerOptions) {
    this.#options = options;
  }

  async ask({ picture, labels, prompt, boxes, signal, deadlineMs }: Asked): Promise<Told> {
    const { recognizer, calibrated, adapter, listens } = this.#options;
    const words = listens && { prompt: prompt.text, promptVersion: prompt.version, boxes, adapter };
    const answer = await recognizer.recognize({ jpeg: picture.jpeg, labels, ...words, signal, deadlineMs });
    if (listens && answer.promptVersion !== undefined && answer.promptVersion !== prompt.version) {
      throw new InferenceError("malformed-answer", "the answer is to another version of the prompt");
    }
    return {
      labels: answer.labels.map(({ label, raw, score, box }) => ({
        label,
        raw,
        score: calibrated ? score : undefined,
        box: box && boxOfOriginal(box, picture),
      })),
      unknown: { raw: logOdds(answer.unknown), score: calibrated ? answer.unknown : undefined },
      reading: "scores",
      ranked: labels,
      modelMs: answer.modelMs,
      model: answer.recognizer,
    };
  }
}
