import { inferRequest, bytesTensor, type InputTensor } from "@followspot/triton";

/** As the conversations ask that `followspot dataset export` writes: a model is asked as it was taught. */
const WHO = "Who of the cast is in this picture?";
const FORM =
  'Answer with their names as they are written here, as a JSON list, ["unknown"] for somebody or something else, [] for nobody. Write nothing besides.';
const SYSTEM = "You are a helpful assistant.";
/** Twice as many as a handful of names takes. */
const MAX_TOKENS = 96;

/** Qwen's chat, with one picture. Names are cast ids, which cannot hold the model's own marks. */
export function promptFor(labels: readonly string[]): string {
  const question = `${WHO} The cast: ${labels.join(", ")}. ${FORM}`;
  return (
    `<|im_start|>system\n${SYSTEM}<|im_end|>\n` +
    `<|im_start|>user\n<|vision_start|><|image_pad|><|vision_end|>${question}<|im_end|>\n` +
    "<|im_start|>assistant\n"
  );
}

/** A request of the `vllm` contract: the most probable answer, whole, with the probabilities of its words. */
export function requestInWords({
  model,
  id,
  jpeg,
  prompt,
  takes,
}: {
  readonly model: string;
  readonly id: string;
  readonly jpeg: Uint8Array;
  readonly prompt: string;
  /** The inputs that the model has: not every version of the backend has all of the flags, and refuses those. */
  readonly takes: ReadonlySet<string>;
}) {
  const probable = takes.has("return_logprobs") ? { logprobs: 1 } : {};
  const sampling = { temperature: 0, max_tokens: MAX_TOKENS, ...probable };
  const flags = [
    flag("stream", false),
    // Otherwise the prompt stands before the answer, with every name of the cast in it.
    flag("exclude_input_in_output", true),
    flag("return_logprobs", true),
  ];
  return inferRequest({
    model,
    id,
    inputs: [
      bytesTensor("text_input", [prompt]),
      bytesTensor("image", [Buffer.from(jpeg).toString("base64")]),
      bytesTensor("sampling_parameters", [JSON.stringify(sampling)]),
      ...flags.filter(({ name }) => takes.has(name)),
    ],
  });
}

function flag(name: string, on: boolean): InputTensor {
  return { name, datatype: "BOOL", shape: [1], raw: Uint8Array.of(on ? 1 : 0) };
}
