import assert from "node:assert/strict";
import { test } from "node:test";
import { EXAM_SHOW } from "../exam/exam-show.ts";
import { checkCaption, checkDraft, needsConfirmation } from "./check-caption.ts";
import { composeCaption } from "./compose-caption.ts";
import { vocabularyOf } from "./invented-names.ts";

const { cast } = EXAM_SHOW;
const members = (...ids: string[]) => cast.filter(({ id }) => ids.includes(id));
const against = (...ids: string[]) => ({ cast, vocabulary: vocabularyOf(cast), here: new Set(ids) });
const parts = { who: [], identity: "", state: "", place: "" };

test("a caption says who a person has framed, then what they do, then where", () => {
  const tidied = {
    ...parts,
    who: ["wolf"],
    identity: "grey fur",
    state: "facing the camera,",
    place: "in the garden.",
  };
  assert.equal(composeCaption(members("wolf"), tidied), "The Wolf facing the camera in the garden.");
  assert.equal(
    composeCaption(members("red", "basket", "axe"), tidied),
    "Little Red Riding Hood, the basket and the axe facing the camera in the garden.",
  );
  assert.equal(composeCaption(members("axe"), { ...parts, place: "on a table" }), "An axe on a table.");
  assert.equal(composeCaption(members("red"), parts), "Little Red Riding Hood.");
  assert.equal(
    composeCaption([], { ...parts, identity: "A pile of books", place: "on a table" }),
    "A pile of books on a table; not part of the cast.",
  );
});

test("who is mentioned and not framed has to be confirmed, and so has a name that is made up", () => {
  const flags = checkCaption("The Wolf holds Granny's basket, says Rufus.", against("wolf"));
  assert.deepEqual(flags, [
    { kind: "invented-name", about: "Rufus" },
    { kind: "not-in-picture", about: "grandmother" },
    { kind: "not-in-picture", about: "basket" },
  ]);
  assert.ok(flags.every(needsConfirmation));
  for (const text of ["The Wolf facing the camera.", "The Wolf under the desk lamp, in torch light."]) {
    assert.deepEqual(checkCaption(text, against("wolf")), [], text);
  }
  assert.equal(checkCaption("The Wolf beside the lamp.", against("wolf"))[0]?.about, "lantern");
});

test("of a draft it is said what was added, mixed up and missed", () => {
  const tidied = {
    who: ["wolf", "red"],
    identity: "grey fur",
    state: "dancing with grey fur",
    place: "in the garden",
  };
  const flags = checkDraft(
    { caption: "The Wolf dancing with grey fur in the garden.", tidied, seen: "A wolf of grey fur dances." },
    against("wolf", "axe"),
  );
  assert.deepEqual(flags, [
    { kind: "not-in-picture", about: "red" },
    { kind: "added", about: "garden" },
    { kind: "mixed", about: "grey, fur" },
    { kind: "missed", about: "axe" },
  ]);
});

test("a made-up name in the identity alone is found, too", () => {
  const tidied = { ...parts, who: ["wolf"], identity: "Rufus has grey fur", state: "dancing" };
  const flags = checkDraft({ caption: "The Wolf dancing.", tidied, seen: "a dancing wolf" }, against("wolf"));
  assert.deepEqual(flags, [{ kind: "invented-name", about: "Rufus" }]);
});
