import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import {
  type ModelInferResponse,
  ModelInferResponse_InferOutputTensorSchema,
  ModelInferResponseSchema,
} from "@followspot/schema/inference/grpc_service";
import { collectAnswer } from "./engine-answer.ts";

function part(outputs: Readonly<Record<string, string>>): ModelInferResponse {
  const names = Object.keys(outputs);
  return create(ModelInferResponseSchema, {
    outputs: names.map((name) =>
      create(ModelInferResponse_InferOutputTensorSchema, { name, datatype: "BYTES", shape: [1n] }),
    ),
    rawOutputContents: Object.values(outputs).map((text) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(Buffer.byteLength(text));
      return Buffer.concat([length, Buffer.from(text)]);
    }),
  });
}

async function* parts(all: readonly ModelInferResponse[]) {
  yield* all;
}

test("an answer in parts is put together, with the probabilities of all of them, and without the prompt", async () => {
  const answer = await collectAnswer(
    parts([
      part({ text_output: "Who?fo", logprobs: '[{"1":{}}]' }),
      part({ text_output: "x", logprobs: '[{"2":{}}]' }),
    ]),
    "Who?",
  );
  assert.equal(answer.text, "fox");
  assert.equal(answer.logprobs, '[{"1":{}},{"2":{}}]');
});

test("log probabilities that do not end are given up, however small their parts are", async () => {
  const one = part({ text_output: "", logprobs: " ".repeat(2_000_000) });
  await assert.rejects(collectAnswer(parts(Array.from({ length: 9 }, () => one)), ""), {
    reason: "malformed-answer",
    message: /log probabilities of the answer do not end/,
  });
});
