import assert from "node:assert/strict";
import { test } from "node:test";
import type { DatasetPicture } from "@followspot/dataset";
import type { CastMember } from "@followspot/domain";
import { checkCaptions } from "./check-captions.ts";
import { entryOf } from "./testdata/inspected.ts";

const member = (id: string, name: string, aliases: readonly string[] = [], description = ""): CastMember => ({
  id,
  kind: id === "basket" ? "prop" : "character",
  name,
  aliases,
  description,
});
const CAST = [
  member("wolf", "The Wolf", ["Isegrim"]),
  member("red", "Red Riding Hood", ["Red"]),
  member("basket", "Basket"),
];

function said(about: Partial<DatasetPicture>, cast: readonly CastMember[] | undefined = CAST): string[] {
  return checkCaptions([entryOf({ fileName: "a", ...about })], cast).map(
    ({ severity, message }) => `${severity}: ${message}`,
  );
}

test("a caption that names its subject, by name or alias, in any case and number, is right", () => {
  for (const caption of ["a grey wolf", "the WOLF's tail", "Isegrim dozes", "two wolfs"]) {
    assert.deepEqual(said({ caption }), [], caption);
  }
  assert.deepEqual(said({ label: "red", caption: "Red  Riding\nHood smiles" }), []);
});

test("a picture without a caption, and a caption without its subject, are told", () => {
  assert.match(said({}).join(), /note: there is no caption: say who wolf is/);
  assert.match(
    said({ caption: "a grey thing" }).join(),
    /warning: the caption does not name wolf: use its name or an alias/,
  );
  assert.match(
    said({ caption: "a wolfish grin" }).join(),
    /does not name wolf/,
    "a part of a word is no name",
  );
  assert.deepEqual(said({ label: "unknown", kind: "unknown" }), [], "a stranger needs none");
});

test("another member in the caption must be framed in the picture, and counts once by its longest name", () => {
  const caption = "the wolf behind Red Riding Hood";
  assert.deepEqual(said({ caption }), [
    "warning: the caption names red, and the picture is not said to show it: frame it, or take it out",
  ]);
  const box = { left: 0, top: 0, width: 9, height: 9 };
  const objects = ["wolf", "red"].map((label) => ({ label, box }));
  assert.deepEqual(said({ caption, objects }), []);
});

test("a name that the cast list does not know is told, unless capitals are the language's custom", () => {
  const english = ["the wolf meets Rapunzel", "a wolf"].map((caption, at) =>
    entryOf({ fileName: `${at}`, caption }),
  );
  assert.deepEqual(
    checkCaptions(english, CAST).map(({ message }) => message),
    ['the caption names "Rapunzel", which the cast list does not know: add an alias, or take it out'],
  );
  const german = ["der Wolf im Wald", "ein Wolf am Tisch"].map((caption, at) =>
    entryOf({ fileName: `${at}`, caption }),
  );
  assert.deepEqual(checkCaptions(german, [member("wolf", "Wolf")]), []);
});

test("names and kinds have to be those of the cast list", () => {
  assert.match(
    said({ label: "fox", caption: "a fox" }).join("\n"),
    /error: fox is not in the cast list: add it to show\.yaml/,
  );
  assert.match(
    said({ label: "basket", caption: "a basket" }).join(),
    /basket is a character here and a prop in show\.yaml/,
  );
});

test("one sentence for every picture is told once", () => {
  const pictures = ["a", "b", "c"].map((fileName) => entryOf({ fileName, caption: "a wolf" }));
  const findings = checkCaptions(pictures, CAST);
  assert.deepEqual(
    findings.map(({ message }) => message),
    ["all 3 captions of wolf are the same: say of each what is to be seen in it"],
  );
});

test("a description tells looks that do not change: no doings, no places, nobody else", () => {
  const about = (description: string): string =>
    checkCaptions([], [member("wolf", "Wolf", [], description), member("red", "Red")])
      .map(({ message }) => message)
      .join("\n");
  assert.equal(about("grey fur, yellow eyes, a purple waistcoat"), "");
  assert.match(about("grey fur, sitting"), /what it does at the moment \("sitting"\)/);
  assert.match(about("grey fur, in the forest"), /a place/);
  assert.match(about("larger than Red"), /another member of the cast \("red"\)/);
});

test("without a cast list only what the data set itself tells is told", () => {
  assert.deepEqual(said({ caption: "a grey thing with Rapunzel" }, []).length > 0, true);
  assert.deepEqual(
    checkCaptions([entryOf({ fileName: "a", caption: "a grey thing with Rapunzel" })], undefined),
    [],
  );
});
