import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EXAM_SHOW } from "../exam/exam-show.ts";
import { inventedNames, vocabularyOf } from "./invented-names.ts";
import { GIVEN_NAMES } from "./known-names.ts";

const vocabulary = vocabularyOf(EXAM_SHOW.cast, [
  "in the garden, on an overcast day",
  "rose petals by the river",
]);
const find = (text: string) => inventedNames(text, vocabulary);

test("a name that is nobody's is found, wherever and however it is written", () => {
  for (const [text, names] of [
    ["The wolf, called Rufus, looks up.", ["Rufus"]],
    ["jack holds the axe", ["jack"]],
    ["Seen with Marie's basket.", ["Marie"]],
    ["He stands beside Ankh-Morpork", ["Ankh", "Morpork"]],
    ["She could be Goldilocks or RAPUNZEL", ["Goldilocks", "RAPUNZEL"]],
    ["Zorblax stands in the garden", ["Zorblax"]],
    ["The puppet of Mr. Bumble in the garden", ["Mr", "Bumble"]],
    ["in the garden beside Mr. Garden", ["Mr", "Garden"]],
    ["Standing there. Rose has a basket", []],
    ["held by Rose", ["Rose"]],
    ["with Élodie, in the garden", ["Élodie"]],
    ["“Hans,” it says", ["Hans"]],
    ["a grey wolf called zorblax, in the garden", ["zorblax"]],
    ["a fox named rufus", ["rufus"]],
    ["the wolf, genannt Quax", ["Quax"]],
  ] as const) {
    assert.deepEqual(find(text), names, text);
  }
});

test("the cast, ordinary words and the beginnings of sentences are no names", () => {
  for (const text of [
    "Little Red Riding Hood and the Wolf's tail. Facing the camera, in the Garden.",
    "GRANDMOTHER with Granny's glasses",
    "Seen from behind: A broad man. Two braids. Slightly blurred",
    "An LED light from the right; I think nothing else",
    "rose petals, the river, a bill of wood",
    "a thing called the basket, named on the label, and called out",
    "",
  ]) {
    assert.deepEqual(find(text), [], text);
  }
});

test("a well-known name of the cast is the cast's", () => {
  const cast = [
    { id: "jack", kind: "character", name: "Jack", aliases: ["Jacky Boy"], description: "" },
  ] as const;
  const known = vocabularyOf(cast);
  assert.deepEqual(inventedNames("jack and Jacky Boy meet Jill", known), ["Jill"]);
});

const plain = fc.array(
  fc.constantFrom("the", "garden", "basket", "with", "grey", "fur", "on", "Wolf", "Granny"),
  {
    minLength: 1,
    maxLength: 12,
  },
);

test("what is made of known words is never found fault with", () => {
  fc.assert(fc.property(plain, (words) => assert.deepEqual(find(words.join(" ")), [])));
});

test("a word with a capital that nobody knows is always found inside a sentence", () => {
  const made = fc
    .tuple(fc.constantFrom("B", "Q", "Ž", "Ö"), fc.stringMatching(/^[xqzjk][a-z]{2,8}$/))
    .map(([capital, rest]) => capital + rest);
  fc.assert(
    fc.property(plain, made, plain, (before, name, after) => {
      assert.deepEqual(find([...before, name, ...after].join(" ")), [name]);
    }),
  );
});

test("a well-known name is found in any case and anywhere", () => {
  const names = [...GIVEN_NAMES];
  const write = [(name: string) => name, (name: string) => name.toUpperCase(), upperFirst];
  fc.assert(
    fc.property(
      plain,
      fc.constantFrom(...names),
      fc.constantFrom(...write),
      plain,
      (before, name, as, after) => {
        assert.deepEqual(find([...before, as(name), ...after].join(" ")), [as(name)]);
      },
    ),
  );
});

function upperFirst(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
