import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeStrings, InferenceError } from "@followspot/triton";
import { type EngineQuestion, engineRequest } from "./engine-request.ts";
import type { Sampling } from "./sampling.ts";

const EVERYTHING = new Set([
  "text_input",
  "image",
  "stream",
  "sampling_parameters",
  "exclude_input_in_output",
  "return_logprobs",
  "return_finish_reason",
  "return_num_input_tokens",
  "return_num_output_tokens",
]);
const place = { model: "m", id: "1", takes: EVERYTHING, constraintKey: "structured_outputs" } as const;
const plain: EngineQuestion = { prompt: "p", pictures: [], sampling: { maxTokens: 7 } };

function textOf(request: ReturnType<typeof engineRequest>, name: string): string[] {
  const at = request.inputs.findIndex((input) => input.name === name);
  const raw = request.rawInputContents[at];
  assert.ok(raw, `${name} was not sent`);
  return decodeStrings(raw, Number(request.inputs[at]?.shape[0]));
}

test("a question says how long the answer may be, that it comes whole, and without the prompt in front", () => {
  const request = engineRequest(plain, place);
  assert.deepEqual(JSON.parse(textOf(request, "sampling_parameters")[0] ?? ""), {
    temperature: 0,
    max_tokens: 7,
  });
  const flags = Object.fromEntries(
    request.inputs.flatMap(({ name, datatype }, at) =>
      datatype === "BOOL" ? [[name, request.rawInputContents[at]?.[0]]] : [],
    ),
  );
  assert.equal(flags.stream, 0);
  assert.equal(flags.exclude_input_in_output, 1);
  assert.equal(flags.return_logprobs, undefined, "nobody asked for probabilities");
  assert.ok(
    request.inputs.every(({ shape }) => shape.length === 1),
    "this contract has no batch dimension",
  );
});

test("pictures go as base64 text, one element each, and only where the prompt has a place for each", () => {
  const pictures = [Buffer.from([1, 2, 3]), Buffer.from([4])];
  const prompt = "a <|image_pad|> b <|image_pad|>";
  const request = engineRequest({ ...plain, prompt, pictures }, place);
  assert.deepEqual(textOf(request, "image"), ["AQID", "BA=="]);
  for (const wrong of [prompt.replace("<|image_pad|>", ""), `${prompt}<|image_pad|>`]) {
    assert.throws(
      () => engineRequest({ ...plain, prompt: wrong, pictures }, place),
      /places for [13] pictures, and 2/,
    );
  }
});

test("a constraint is JSON within JSON under the server's own key, and left out where it has none", () => {
  const sampling = { maxTokens: 7, constraint: { choice: ["fox", "none"] } };
  const sent = (constraintKey: "guided_decoding" | undefined) =>
    JSON.parse(
      textOf(engineRequest({ ...plain, sampling }, { ...place, constraintKey }), "sampling_parameters")[0] ??
        "",
    );
  assert.equal(sent("guided_decoding").guided_decoding, '{"choice":["fox","none"]}');
  assert.deepEqual(sent(undefined), { temperature: 0, max_tokens: 7 });
});

test("flags and probabilities that a version of the backend does not know are not sent", () => {
  const takes = new Set(["text_input", "image", "stream", "sampling_parameters"]);
  const request = engineRequest({ ...plain, sampling: { maxTokens: 7, logprobs: 20 } }, { ...place, takes });
  assert.deepEqual(
    request.inputs.map(({ name }) => name),
    ["text_input", "sampling_parameters", "stream"],
  );
  assert.equal(JSON.parse(textOf(request, "sampling_parameters")[0] ?? "").logprobs, undefined);
});

test("what the backend would not take, or would answer strangely, is refused before it is sent", () => {
  const refused: readonly (readonly [
    Partial<Record<keyof Sampling, unknown>> | { best_of: number },
    RegExp,
  ])[] = [
    [{}, /maxTokens/],
    [{ maxTokens: 0 }, /maxTokens/],
    [{ maxTokens: 7, logprobs: 21 }, /logprobs/],
    [{ maxTokens: 7, temperature: -1 }, /temperature/],
    [{ maxTokens: 7, best_of: 3 }, /Unrecognized key: "best_of"/],
    [{ maxTokens: 7, constraint: { choice: [] } }, /constraint/],
    [{ maxTokens: 7, constraint: { choices: ["fox"] } }, /constraint/],
    [{ maxTokens: 7, adapter: "" }, /adapter/],
  ];
  for (const [sampling, sentence] of refused) {
    const question = { ...plain, sampling: sampling as Sampling };
    assert.throws(
      () => engineRequest(question, place),
      (error) => {
        assert.ok(error instanceof InferenceError && error.reason === "rejected");
        assert.match(error.message, sentence);
        return true;
      },
    );
  }
  assert.throws(() => engineRequest({ ...plain, prompt: "x".repeat(400_001) }, place), /400001 characters/);
  const many = Array.from({ length: 65 }, () => Buffer.from([1]));
  const prompt = "<|image_pad|>".repeat(65);
  assert.throws(
    () => engineRequest({ ...plain, prompt, pictures: many }, place),
    /65 pictures are more than 64/,
  );
});
