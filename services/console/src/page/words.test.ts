import assert from "node:assert/strict";
import { test } from "node:test";
import { ageText, durationText, percentText } from "../../page/words.ts";

test("an age has as many digits as matter", () => {
  assert.equal(ageText(-40), "0.0 s");
  assert.equal(ageText(230), "0.2 s");
  assert.equal(ageText(14_400), "14 s");
  assert.equal(ageText(200_000), "3 min");
  assert.equal(ageText(3 * 3_600_000), "3 h");
});

test("a duration reads as minutes and seconds, with hours where there are any", () => {
  assert.equal(durationText(42_900), "0:42");
  assert.equal(durationText(725_000), "12:05");
  assert.equal(durationText(3_753_000), "1:02:33");
});

test("a probability is never rounded to certainty", () => {
  assert.equal(percentText(0.934), "93 %");
  assert.equal(percentText(0.998), "> 99 %");
  assert.equal(percentText(1), "100 %");
  assert.equal(percentText(0.002), "< 1 %");
  assert.equal(percentText(0), "0 %");
});
