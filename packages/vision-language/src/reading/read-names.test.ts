import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readNames } from "./read-names.ts";

const LABELS = ["bear_plushie", "fox", "red-hood", "café"];

const READ: readonly (readonly [answer: string, names: readonly string[], reading: string])[] = [
  ['["fox"]', ["fox"], "json"],
  ['"fox"', ["fox"], "json"],
  ['```json\n["bear_plushie", "fox"]\n```', ["bear_plushie", "fox"], "json"],
  ['[{"label": "fox", "bbox_2d": [1, 2, 3, 4]}]', ["fox"], "json"],
  ['{"fox": true, "red-hood": false}', ["fox"], "json"],
  ["[]", [], "json"],
  ["['fox', 'red-hood',]", ["fox", "red-hood"], "repaired-json"],
  ['Sure: ["fox"', ["fox"], "repaired-json"],
  ["Fox", ["fox"], "names"],
  ["The bear plushie, and the fox.", ["bear_plushie", "fox"], "names"],
  ["CAFE", ["café"], "names"],
  ["- fox\n- red hood", ["fox", "red-hood"], "names"],
  ["<|object_ref_start|>fox<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|>", ["fox"], "names"],
  ["fox(221,423),(569,886)", ["fox"], "names"],
  ["Nobody of the cast.", [], "names"],
  ["bear_plushy", [], "none"],
  ["bear_plushe", ["bear_plushie"], "misspelt"],
  ['["red_hod"]', ["red-hood"], "misspelt"],
];

for (const [answer, names, reading] of READ) {
  test(`${JSON.stringify(answer)} is read as ${reading}`, () => {
    const read = readNames(answer, LABELS);
    if (reading === "none") return assert.equal(read, undefined);
    assert.deepEqual([read?.names, read?.reading], [names, reading]);
  });
}

test("a stranger is somebody, nobody is not", () => {
  assert.equal(readNames('["unknown"]', LABELS)?.unknown, true);
  assert.equal(readNames("none", LABELS)?.unknown, false);
});

test("what names somebody who was not asked for, or argues, is not guessed at", () => {
  for (const answer of [
    "",
    "dragon",
    '["fox", "dragon"]',
    "It is not the fox",
    "I cannot tell.",
    "fix",
    "fo",
    "{}",
    "[1]",
    "x".repeat(5_000),
  ]) {
    assert.equal(readNames(answer, LABELS), undefined, answer.slice(0, 40));
  }
});

test("a name that is one letter from two is nobody's", () => {
  assert.equal(readNames("wolfa", ["wolfs", "wolfx"]), undefined);
});

test("no answer makes the reader fail, and only those who were asked for are read", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (answer) => {
      for (const name of readNames(answer, LABELS)?.names ?? []) assert.ok(LABELS.includes(name));
    }),
  );
});

test("whatever stands around them, a word outside the cast is never read as somebody in it", () => {
  const spoken = fc.constantFrom("fox", "bear plushie", "red-hood", "café", "none", "unknown");
  const other = fc.constantFrom(
    "dragon",
    "I see",
    "maybe",
    "not",
    "left of",
    "the king and I",
    "fox-like",
    "bears",
  );
  const join = fc.constantFrom(", ", " and ", "\n", "; ", '", "', " ");
  const wrap = fc.constantFrom<readonly [string, string]>(
    ["", ""],
    ['["', '"]'],
    ["Answer: ", "."],
    ["```json\n[", "]```"],
  );
  fc.assert(
    fc.property(
      fc.array(spoken, { maxLength: 3 }),
      other,
      join,
      wrap,
      (names, word, between, [open, close]) => {
        for (const words of [
          [word, ...names],
          [...names, word],
        ]) {
          const read = readNames(`${open}${words.join(between)}${close}`, LABELS);
          assert.equal(read, undefined, `${open}${words.join(between)}${close}`);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test("every list of the cast that a model is held to is read as exactly that", () => {
  fc.assert(
    fc.property(fc.subarray([...LABELS, "unknown"]), (names) => {
      const read = readNames(JSON.stringify(names), LABELS);
      assert.deepEqual(
        read?.names,
        names.filter((name) => name !== "unknown"),
      );
      assert.deepEqual([read?.unknown, read?.reading], [names.includes("unknown"), "json"]);
    }),
  );
});
