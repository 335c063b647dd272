import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { type ModelInferResponse, ModelInferResponseSchema } from "@followspot/schema/inference/grpc_service";
import fc from "fast-check";
import { InferenceError } from "./inference-error.ts";
import { parseScores } from "./scores-answer.ts";
import { encodeBytes, encodeFp32 } from "./tensor-codec.ts";

interface Parts {
  label?: readonly string[];
  score?: readonly number[];
  raw?: readonly number[];
  box?: readonly number[];
  unknown?: readonly number[];
}

function answerWith(parts: Parts = {}, parameters: Record<string, string> = {}): ModelInferResponse {
  const label = parts.label ?? ["wolf", "hood"];
  const numbers = {
    score: parts.score ?? [0.25, 1],
    raw: parts.raw ?? [-3, 7],
    box: parts.box ?? [1, 2, 30, 40, NaN, NaN, NaN, NaN],
    unknown: parts.unknown ?? [0],
  };
  return create(ModelInferResponseSchema, {
    outputs: [
      { name: "label", datatype: "BYTES", shape: [BigInt(label.length)] },
      ...Object.entries(numbers).map(([name, values]) => ({
        name,
        datatype: "FP32",
        shape: name === "box" ? [BigInt(values.length / 4), 4n] : [BigInt(values.length)],
      })),
    ],
    rawOutputContents: [encodeBytes(label), ...Object.values(numbers).map(encodeFp32)],
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        { parameterChoice: { case: "stringParam" as const, value } },
      ]),
    ),
  });
}

test("a good answer is read whole; a box of NaN is no box", () => {
  assert.deepEqual(
    parseScores(answerWith({}, { model_ms: "12.5", version: "abc" }), { asked: ["hood", "wolf", "axe"] }),
    {
      labels: [
        { label: "wolf", score: 0.25, raw: -3, box: { left: 1, top: 2, right: 30, bottom: 40 } },
        { label: "hood", score: 1, raw: 7 },
      ],
      unknown: 0,
      modelMs: 12.5,
      version: "abc",
    },
  );
});

test("a server that tells neither time nor version is within the contract, and so is an empty answer", () => {
  const answer = parseScores(answerWith({ label: [], score: [], raw: [], box: [], unknown: [0.75] }));
  assert.deepEqual(answer, { labels: [], unknown: 0.75 });
});

const BAD: Readonly<Record<string, [Parts, Record<string, string>?]>> = {
  "a label nobody asked for": [{ label: ["wolf", "crocodile"] }],
  "a label twice": [{ label: ["wolf", "wolf"] }],
  "a score of NaN": [{ score: [NaN, 1] }],
  "a score above 1": [{ score: [0, 1.5] }],
  "a negative score": [{ score: [-0.5, 1] }],
  "too few scores": [{ score: [0.5] }],
  "an infinite raw score": [{ raw: [0, Infinity] }],
  "a box too few": [{ box: [1, 2, 3, 4] }],
  "half a box": [{ box: [1, 2, NaN, NaN, NaN, NaN, NaN, NaN] }],
  "a box inside out": [{ box: [30, 2, 1, 40, NaN, NaN, NaN, NaN] }],
  "unknown as NaN": [{ unknown: [NaN] }],
  "two unknowns": [{ unknown: [0, 0] }],
  "a time that is none": [{}, { model_ms: "soon" }],
  "a negative time": [{}, { model_ms: "-1" }],
};

for (const [what, [parts, parameters]] of Object.entries(BAD)) {
  test(`${what} is a malformed answer`, () => {
    assert.throws(
      () => parseScores(answerWith(parts, parameters), { asked: ["wolf", "hood"] }),
      (error: unknown) =>
        error instanceof InferenceError && error.reason === "malformed-answer" && !error.retryable,
    );
  });
}

test("without a closed set, labels must be ids, and never unknown", () => {
  for (const label of ["Not An Id", "unknown", ""]) {
    assert.throws(() => parseScores(answerWith({ label: ["wolf", label] })), /closed set/);
  }
});

test("whatever is done to an answer's tensors, it is read or malformed, never anything else", () => {
  const change = fc.record({
    tensor: fc.nat(4),
    name: fc.option(fc.constantFrom("label", "score", "nothing"), { nil: undefined }),
    datatype: fc.option(fc.constantFrom("FP32", "BYTES", "INT64", ""), { nil: undefined }),
    shape: fc.option(fc.array(fc.bigInt({ min: -2n, max: 1n << 62n }), { maxLength: 3 }), { nil: undefined }),
    raw: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined }),
  });
  fc.assert(
    fc.property(change, ({ tensor, name, datatype, shape, raw }) => {
      const response = answerWith();
      const output = response.outputs[tensor];
      if (output && name !== undefined) output.name = name;
      if (output && datatype !== undefined) output.datatype = datatype;
      if (output && shape !== undefined) output.shape = shape;
      if (raw !== undefined) response.rawOutputContents[tensor] = raw;
      try {
        parseScores(response, { asked: ["wolf", "hood"] });
      } catch (error) {
        if (!(error instanceof InferenceError) || error.reason !== "malformed-answer") throw error;
      }
    }),
    { numRuns: 1_000 },
  );
});
