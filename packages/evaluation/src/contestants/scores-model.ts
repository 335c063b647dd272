import { ScoresRecognizer } from "@followspot/triton";
import { sortLabels } from "./contestant.ts";
import type { ModelPlace, ServedModel } from "./served-recognizer.ts";

/** A model of the `scores` contract. @throws InferenceError where it cannot be used */
export async function openScoresModel({ client, model, labels, waited }: ModelPlace): Promise<ServedModel> {
  const recognizer = await ScoresRecognizer.connect({ client, model });
  try {
    const { version } = await recognizer.waitUntilReady(waited);
    return {
      version,
      ask: async (question) => {
        const found = await recognizer.recognize({ ...question, labels });
        const answers = found.labels.map(({ label, score, raw, box }) => ({
          label,
          score,
          raw,
          box: box && {
            left: box.left,
            top: box.top,
            width: box.right - box.left,
            height: box.bottom - box.top,
          },
        }));
        const { unknown, callMs } = found;
        return { answer: { labels: sortLabels(answers), unknown, unparseable: undefined }, ms: callMs };
      },
      close: () => recognizer.close(),
    };
  } catch (error) {
    await recognizer.close();
    throw error;
  }
}
