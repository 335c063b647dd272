import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { alternatives } from "../testdata/talking-model.ts";
import { readYesOrNo } from "./yes-or-no.ts";

test("yes against no, each summed over its spellings and spaces", () => {
  const read = readYesOrNo(
    "Yes",
    alternatives({ Yes: 0.4, " yes": 0.1, ĠYES: 0.1, no: 0.1, "▁No": 0.05, the: 0.2 }),
  );
  assert.equal(read?.reading, "probabilities");
  assert.ok(Math.abs((read?.raw ?? 0) - Math.log(0.6 / 0.15)) < 1e-9);
});

test("where only one of them was told, the other counts as the least probable that was", () => {
  const read = readYesOrNo("no", alternatives({ no: 0.9, perhaps: 0.05, the: 0.01 }));
  assert.equal(read?.reading, "one-sided");
  assert.ok(Math.abs((read?.raw ?? 0) - Math.log(0.01 / 0.9)) < 1e-9);
});

test("a server without probabilities is taken at its word, which is worth less", () => {
  assert.deepEqual(readYesOrNo(" Yes.", ""), { raw: 3, reading: "word" });
  assert.deepEqual(readYesOrNo("no", "null"), { raw: -3, reading: "word" });
});

test("anything else is no answer", () => {
  for (const text of ["", "maybe", "yes and no", "not", "I cannot see that.", "yesterday"]) {
    assert.equal(readYesOrNo(text, ""), undefined, text);
  }
  assert.equal(readYesOrNo("yes", alternatives({ the: 0.6, a: 0.3 })), undefined);
});

test("whatever a server writes, the odds are finite or there are none", () => {
  const probabilities = fc.dictionary(
    fc.constantFrom("yes", "No", " yes", "the", "", "ya"),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(probabilities, fc.string(), (given, text) => {
      const read = readYesOrNo(text, alternatives(given));
      assert.ok(read === undefined || Number.isFinite(read.raw));
    }),
  );
  fc.assert(
    fc.property(fc.json(), (json) => {
      const read = readYesOrNo("yes", json);
      assert.ok(read === undefined || Number.isFinite(read.raw));
    }),
  );
});
