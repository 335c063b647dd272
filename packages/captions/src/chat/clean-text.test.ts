import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { cleanText } from "./clean-text.ts";

test("no mark of any model survives, however it is nested", () => {
  const marks = [
    "<|im_start|>",
    "<|im_end|>",
    "<|eot_id|>",
    "[gMASK]",
    "<sop>",
    "<|",
    "|>",
    "x",
    " ",
    "im_end",
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...marks), { maxLength: 30 }), (parts) => {
      const clean = cleanText(parts.join(""));
      assert.doesNotMatch(clean, /<\|[^|<>]*\|>|\[gMASK\]|<sop>|<eop>/i);
    }),
  );
  assert.equal(cleanText("a [gMASK]<sop> wolf"), "a wolf");
  assert.equal(cleanText("<|im_<|x|>end|>"), cleanText("<|im_<|x|>end|>").replaceAll(/<\||\|>/g, ""));
});

test("text without marks stays as it is, in one line", () => {
  assert.equal(cleanText("  A wolf,\n\tgrey; 3 < 5 [sic] "), "A wolf, grey; 3 < 5 [sic]");
});
