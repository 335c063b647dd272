import assert from "node:assert/strict";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import { decodeModel, encodeModel, modelVersion } from "./model-file.ts";
import { smallModel } from "./testdata/small-model.ts";

test("what was written is read, and written again as the same bytes", () => {
  const model = smallModel();
  const bytes = encodeModel(model);
  assert.deepEqual(decodeModel(bytes), model);
  assert.deepEqual(encodeModel(decodeModel(bytes)), bytes);
  assert.match(modelVersion(bytes), /^[0-9a-f]{12}$/);
});

test("any changed byte is noticed, in one sentence that says what to do", () => {
  const bytes = encodeModel(smallModel());
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const damaged = Uint8Array.from(bytes);
      damaged[at] = (damaged[at] as number) ^ change;
      assert.throws(() => decodeModel(damaged), isRefusal);
    }),
    { numRuns: 300 },
  );
});

test("any cut-off file and any rubbish are refused", () => {
  const bytes = encodeModel(smallModel());
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), (length) =>
      assert.throws(() => decodeModel(bytes.slice(0, length)), isRefusal),
    ),
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (rubbish) =>
      assert.throws(() => decodeModel(rubbish), isRefusal),
    ),
  );
});

test("a tree that would be walked for ever, or out of its bounds, is refused though its hash is right", () => {
  const breaks: readonly (readonly [at: number, value: number])[] = [
    [3, 0],
    [0, 30_000],
    [7, -9],
  ];
  for (const [at, value] of breaks) {
    const model = smallModel();
    const [tree] = model.forest.trees;
    assert.ok(tree);
    tree.nodes[at] = value;
    assert.throws(() => decodeModel(encodeModel(model)), /a tree leads nowhere/);
  }
});

function isRefusal(error: unknown): boolean {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, /^the model file .*; train it again with: followspot train$/);
  return true;
}
