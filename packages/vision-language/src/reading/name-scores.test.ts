import assert from "node:assert/strict";
import { test } from "node:test";
import { nameScores } from "./name-scores.ts";

function logprobs(tokens: readonly (readonly [token: string, probability: number])[]): string {
  return JSON.stringify(
    tokens.map(([token, probability], id) => ({
      [String(id)]: { logprob: Math.log(probability), rank: 1, decoded_token: token },
      "9999": { logprob: -9, rank: 2, decoded_token: "~" },
    })),
  );
}

test("a name is as probable as its tokens are together", () => {
  const scores = nameScores(
    '["fox", "wolf"]',
    logprobs([
      ['["', 0.9],
      ["fo", 0.8],
      ["x", 0.5],
      ['", "', 0.7],
      ["wolf", 0.25],
      ['"]', 0.9],
      ["<|im_end|>", 0.99],
    ]),
    ["fox", "wolf"],
  );
  assert.ok(Math.abs((scores?.get("fox") ?? 0) - 0.4) < 1e-9);
  assert.ok(Math.abs((scores?.get("wolf") ?? 0) - 0.25) < 1e-9);
});

test("a name that was read from another spelling stands on the whole answer", () => {
  const scores = nameScores(
    "fux",
    logprobs([
      ["fu", 0.5],
      ["x", 0.5],
    ]),
    ["fox"],
  );
  assert.ok(Math.abs((scores?.get("fox") ?? 0) - 0.25) < 1e-9);
});

test("where there are no probabilities, or others than of this text, nothing is made up", () => {
  for (const given of ["null", "", "[]", "[1]", logprobs([["wolf", 0.5]])]) {
    assert.equal(nameScores("fox", given, ["fox"]), undefined, given);
  }
});

test("a name that is part of another one stands on its own tokens", () => {
  const scores = nameScores(
    '["wolf-cub", "wolf"]',
    logprobs([
      ['["', 0.9],
      ["wolf", 0.5],
      ["-cub", 0.5],
      ['", "', 0.7],
      ["wolf", 0.125],
      ['"]', 0.9],
    ]),
    ["wolf", "wolf-cub"],
  );
  assert.ok(Math.abs((scores?.get("wolf") ?? 0) - 0.125) < 1e-9);
  assert.ok(Math.abs((scores?.get("wolf-cub") ?? 0) - 0.25) < 1e-9);
});
