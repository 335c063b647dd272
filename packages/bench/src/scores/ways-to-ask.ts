import { QWEN_MODELS } from "@followspot/testkit";
import {
  bytesTensor,
  type InputTensor,
  inferRequest,
  outputTensor,
  parseScores,
  scoresRequest,
  type TritonClient,
} from "@followspot/triton";

export interface WaysOptions {
  readonly client: TritonClient;
  readonly jpeg: Uint8Array;
  readonly labels: readonly string[];
  /** The constant text before the picture. */
  readonly system: string;
  /** Of questions.json, which Python and TypeScript share. */
  readonly questions: { readonly chat: string; readonly questions: Readonly<Record<string, string>> };
}

export type WayToAsk<T> = () => Promise<T>;

const AT_ONCE = 8;
const CALL = { deadlineMs: 120_000 };
/** More than 30 names in JSON need. */
const LIST_TOKENS = 400;

/** Four ways to ask who of the labels is in the picture. */
export function waysToAsk({ client, jpeg, labels, system, questions }: WaysOptions) {
  const score = async (asked: readonly string[]): Promise<readonly number[]> => {
    const { model } = QWEN_MODELS.scores;
    const request = scoresRequest({ model, id: "1", jpeg, labels: asked, prompt: system, batched: true });
    const answer = parseScores(await client.infer(request, CALL), { asked, batched: true });
    return asked.map((wanted) => answer.labels.find(({ label }) => label === wanted)?.raw ?? NaN);
  };
  const say = async (question: string, sampling: object): Promise<string> => {
    const prompt = questions.chat.replace("{system}", () => system).replace("{question}", () => question);
    const inputs: InputTensor[] = [
      bytesTensor("text_input", [prompt]),
      bytesTensor("image", [Buffer.from(jpeg).toString("base64")]),
      bytesTensor("sampling_parameters", [JSON.stringify({ temperature: 0, ...sampling })]),
      { name: "exclude_input_in_output", datatype: "BOOL", shape: [1], raw: Uint8Array.of(1) },
      { name: "return_logprobs", datatype: "BOOL", shape: [1], raw: Uint8Array.of(1) },
    ];
    const request = inferRequest({ model: QWEN_MODELS.words.model, id: "1", inputs });
    let text = "";
    for await (const answer of client.streamInfer(request, CALL)) {
      text += outputTensor(answer, { name: "text_output", datatype: "BYTES", shape: [undefined] }).join("");
    }
    return text;
  };
  const schema = { type: "array", items: { enum: [...labels, "unknown"] }, maxItems: labels.length };
  return {
    onePass: () => score(labels),
    callForEach: () => severalAtOnce(labels, async (label) => (await score([label]))[0] ?? NaN),
    yesNoCalls: () =>
      severalAtOnce(labels, (label) =>
        say(
          (questions.questions.score ?? "").replace("{label}", () => label),
          {
            max_tokens: 1,
            logprobs: 20,
          },
        ),
      ),
    list: () =>
      say(questions.questions.list ?? "", {
        max_tokens: LIST_TOKENS,
        structured_outputs: JSON.stringify({ json: schema }),
      }),
  } as const;
}

async function severalAtOnce<T>(
  labels: readonly string[],
  ask: (label: string) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < labels.length; at = next++) answers[at] = await ask(labels[at] ?? "");
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return answers;
}
