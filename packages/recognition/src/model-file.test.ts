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

test("a look that is no number, or parts that do not fit, are refused though the hash is right", () => {
  const broken = smallModel();
  broken.centre[3] = NaN;
  assert.throws(() => decodeModel(encodeModel(broken)), /one of its looks is not a number/);
  const { known, ...rest } = smallModel();
  assert.throws(() => decodeModel(encodeModel({ ...rest, known: [...known, ...known] })), /do not fit/);
});

function isRefusal(error: unknown): boolean {
  assert.ok(error instanceof UserError, String(error));
  assert.match(error.message, /^the model file .*; train it again with: followspot train$/);
  return true;
}
