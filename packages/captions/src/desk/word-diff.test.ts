import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { diffText, wordDiff } from "./word-diff.ts";

test("what both have stays, the rest is marked", () => {
  const parts = wordDiff("The Wolf in the garden.", "The Wolf facing the camera in the garden.");
  assert.equal(diffText(parts, { colours: false }), "The Wolf {+facing the camera+} in the garden.");
  assert.equal(diffText(wordDiff("", "A wolf"), { colours: false }), "{+A wolf+}");
  assert.equal(diffText(wordDiff("A wolf", "A fox"), { colours: false }), "A [-wolf-] {+fox+}");
  assert.equal(
    diffText(wordDiff("A wolf, grey.", "A wolf: grey!"), { colours: false }),
    "A wolf[-,-]{+:+} grey[-.-]{+!+}",
  );
  const coloured = diffText(wordDiff("A wolf", "A fox"), { colours: true });
  assert.ok(coloured.includes("\u001b[31m[-wolf-]\u001b[0m"), coloured);
});

test("both texts can be read back from the difference", () => {
  const words = fc.constantFrom(
    "a",
    "wolf",
    "in",
    "the",
    "garden,",
    "red",
    "(or",
    "not)",
    "Größe",
    "it's",
    "-",
  );
  const text = fc.array(words, { maxLength: 30 }).map((all) => all.join(" "));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const parts = wordDiff(before, after);
      const side = (other: string): string =>
        parts
          .filter(({ kind }) => kind === "same" || kind === other)
          .map((part) => part.text)
          .join("");
      assert.equal(side("removed").replaceAll(" ", ""), before.replaceAll(" ", ""));
      const added = parts.filter(({ kind }) => kind !== "removed").map(({ space, text: one }) => space + one);
      assert.equal(added.join("").trim(), after);
    }),
  );
});
