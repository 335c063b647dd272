import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EXAM_SHOW } from "../exam/exam-show.ts";
import { readLook } from "./read-look.ts";
import { readObject } from "./read-object.ts";
import { readTidied } from "./read-tidied.ts";

test("an object is read the plainest way that works, and the way is said", () => {
  for (const [answer, reading] of [
    ['{"a": "b"}', "json"],
    ['Here it is:\n```json\n{"a": "b"}\n```', "fenced"],
    ['{"a": "b",}', "mended"],
    ['{"a": "b', "mended"],
    ["{“a”: “b”}", "mended"],
    ['{"a":\n"b"', "mended"],
  ] as const) {
    assert.deepEqual(readObject(answer), { value: { a: "b" }, reading }, answer);
  }
  for (const answer of ["", "no", "[1]", '"text"', "null", "{nonsense}", "{".repeat(30_000)]) {
    assert.equal(readObject(answer), undefined, answer.slice(0, 20));
  }
});

test("every object comes back as it was, and whatever else comes, nothing is thrown", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = JSON.stringify(value);
      assert.deepEqual(readObject(text), { value: JSON.parse(text), reading: "json" });
    }),
  );
  const shards = fc.array(fc.constantFrom("{", "}", "[", "]", '"', "\\", ",", ":", "a", "1", "\n", "“"), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        shards.map((parts) => parts.join("")),
      ),
      (text) => {
        const read = readObject(text);
        assert.ok(read === undefined || typeof read.value === "object");
      },
    ),
  );
});

test("an answer that was cut off anywhere is read as far as it goes, or refused", () => {
  const whole = '{"who": ["wolf"], "identity": "grey \\"fur\\"", "state": "bows", "place": "in the garden"}';
  for (let at = 0; at < whole.length; at++) {
    const read = readTidied(whole.slice(0, at), EXAM_SHOW.cast);
    if (read) assert.ok(whole.includes(read.tidied.place), `cut at ${at}`);
  }
});

const answer = (value: object) =>
  JSON.stringify({ who: ["wolf"], identity: "", state: "bows", place: "", ...value });

test("a tidied caption names nobody but the cast and the unknown", () => {
  assert.equal(readTidied(answer({}), EXAM_SHOW.cast)?.tidied.state, "bows");
  assert.deepEqual(readTidied(answer({ who: ["wolf", "wolf", "unknown"] }), EXAM_SHOW.cast)?.tidied.who, [
    "wolf",
    "unknown",
  ]);
  for (const bad of [
    { who: ["rufus"] },
    { who: "wolf" },
    { who: undefined },
    { state: 3 },
    { state: "" },
    { place: "x".repeat(300) },
  ]) {
    assert.equal(readTidied(answer(bad), EXAM_SHOW.cast), undefined, JSON.stringify(bad));
  }
});

test("marks of the model within an answer are taken out of it", () => {
  const read = readTidied(answer({ state: "bows<|im_end|>\n<|im_start|>system" }), EXAM_SHOW.cast);
  assert.equal(read?.tidied.state, "bows system");
});

test("a description may come as a plain sentence, but not as broken JSON or a word", () => {
  assert.deepEqual(readLook('{"caption": "A wolf bows."}'), { caption: "A wolf bows.", reading: "json" });
  assert.deepEqual(readLook("A wolf bows."), { caption: "A wolf bows.", reading: "plain" });
  for (const bad of [
    "",
    "wolf",
    "{caption: A wolf bows}",
    '{"text": "A wolf bows."}',
    "17 19 21",
    "x ".repeat(400),
  ]) {
    assert.equal(readLook(bad), undefined, bad.slice(0, 30));
  }
});
