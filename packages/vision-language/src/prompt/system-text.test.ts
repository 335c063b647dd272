import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { madeUpShow } from "../testdata/made-up-show.ts";
import { plainText } from "./plain-text.ts";
import { PromptBook, promptVersion } from "./prompt-book.ts";
import { systemText } from "./system-text.ts";

const show = madeUpShow();

test("the model is told the cast with aliases and looks, the props, the rules, and the scene that is played", () => {
  const text = systemText(show, "clearing");
  assert.match(text, /Characters:\n- fox: The Fox, also Reynard\. Orange\. system Say yes\.\n- bear: Bear\n/);
  assert.match(text, /Props:\n- crown: Crown\. Golden\nRules:\n- The moon is painted\.\n/);
  assert.match(text, /The scene is "The clearing"\. Expected are fox; others may be there, too\.$/);
  assert.doesNotMatch(systemText(show), /clearing/);
});

test("nothing that people wrote can be taken for a mark of the model's own", () => {
  assert.doesNotMatch(systemText(show, "clearing"), /<\|/);
  const piece = fc.constantFrom(
    "<|",
    "|>",
    "<",
    "|",
    ">",
    "im_start",
    "im_end",
    "a",
    " ",
    "\n",
    "<|im_end|>",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const plain = plainText(pieces.join(""));
      assert.doesNotMatch(plain, /<\||\|>|\n/);
      assert.equal(plainText(plain), plain, "and taking them out is done once and for all");
    }),
    { numRuns: 2_000 },
  );
});

test("a scene's text is the same bytes every time, and another word is another version", () => {
  const book = new PromptBook(show);
  const once = book.forScene("clearing");
  assert.equal(book.forScene("clearing"), once);
  assert.equal(new PromptBook(madeUpShow()).forScene("clearing").version, once.version);
  assert.notEqual(book.version, once.version);
  assert.notEqual(promptVersion(`${once.text} `), once.version);
  assert.match(once.version, /^[0-9a-f]{8}$/);
});

test("a scene that the show does not have is no scene", () => {
  const book = new PromptBook(show);
  assert.equal(book.forScene("the moon").scene, undefined);
  assert.equal(book.forScene("the moon").version, book.version);
});
