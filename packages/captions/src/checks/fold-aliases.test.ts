import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { EXAM_SHOW } from "../exam/exam-show.ts";
import { membersNamed } from "./cast-words.ts";
import { foldAliases } from "./fold-aliases.ts";

const { cast } = EXAM_SHOW;

test("members are called by their names, with an article that fits", () => {
  for (const [text, folded] of [
    ["Granny pushes the big bad wolf away", "Grandmother pushes the Wolf away"],
    ["The big bad wolf bows", "The Wolf bows"],
    ["the old woman sleeps beside a storm lantern", "Grandmother sleeps beside a lantern"],
    ["lifting a hatchet and the picnic basket", "lifting an axe and the basket"],
    ["A hatchet leans there", "An axe leans there"],
    ["Little Red waves", "Little Red Riding Hood waves"],
    ["Little Red Riding Hood waves", "Little Red Riding Hood waves"],
    ["pushing Granny away, like a blue bird", "pushing Grandmother away, like a blue bird"],
    ["holding Granny's shawl", "holding Grandmother's shawl"],
  ] as const) {
    assert.equal(foldAliases(text, cast), folded);
  }
});

test("a word that belongs to another thing stays", () => {
  assert.equal(foldAliases("under the desk lamp", cast), "under the desk lamp");
  assert.equal(foldAliases("on the wooden-lamp table", cast), "on the wooden-lamp table");
});

test("only those who are in the picture are called by their names", () => {
  const wolf = cast.filter(({ id }) => id === "wolf");
  assert.equal(foldAliases("Granny and the big bad wolf", wolf), "Granny and the Wolf");
  assert.equal(foldAliases("Granny", []), "Granny");
});

test("doing it twice changes nothing more", () => {
  const words = cast
    .flatMap(({ name, aliases }) => [name, ...aliases])
    .concat("with", "and", "the", "a", "desk", ".");
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 10 }), (parts) => {
      const once = foldAliases(parts.join(" "), cast);
      assert.equal(foldAliases(once, cast), once);
    }),
  );
});

test("either apostrophe will do, and so will letters that are put together or apart", () => {
  const cast = [
    {
      id: "miller",
      kind: "character",
      name: "The Miller",
      aliases: ["the miller\u2019s man"],
      description: "",
    },
    { id: "fairy", kind: "character", name: "Fée", aliases: ["bonne fe\u0301e"], description: "" },
  ] as const;
  assert.equal(foldAliases("the miller's man waves", cast), "the Miller waves");
  assert.equal(foldAliases("Bonne fée bows, Bonne fe\u0301e\u2019s wand", cast), "Fée bows, Fée\u2019s wand");
  assert.deepEqual([...membersNamed("Fe\u0301e and the miller\u2019s man", cast)], ["miller", "fairy"]);
});
