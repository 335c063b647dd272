import assert from "node:assert/strict";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readShow } from "@followspot/show";
import { readMetadata } from "../testdata/caption-show.ts";
import { draftedShow, FILES, OLD } from "../testdata/drafted-show.ts";
import { CaptionDesk } from "./caption-desk.ts";
import { openRoom } from "./caption-room.ts";
import type { Draft } from "./draft.ts";
import { draftsOf, historyOf } from "./draft-captions.ts";

test("an accepted draft becomes the caption, all else stays, and the old one is in the history", async (context) => {
  const { dir, datasetDir, desk, idOf, entry } = await draftedShow(context);
  const before = await readMetadata(dir);
  const decided = await desk.decide(await idOf("wolf-01.jpg"), { decision: "accept" });
  assert.deepEqual(decided, { state: "written", old: OLD, caption: "Draft of wolf." });
  assert.equal(await readMetadata(dir), before.replace(OLD, "Draft of wolf."));
  const [line] = await historyOf(datasetDir).read();
  assert.ok(line && "old" in line);
  assert.deepEqual(
    [line.old, line.caption, line.who, line.decision],
    [OLD, "Draft of wolf.", "ada", "accept"],
  );
  assert.deepEqual(line.parts, { identity: "grey fur", state: "bowing", place: "in the garden" });
  assert.equal((await entry("wolf-01.jpg")).light, "noon", "columns of others are there");
  assert.deepEqual((await desk.look()).counts, { open: 2, accepted: 1, refused: 0, changed: 0, failed: 0 });
});

test("an edited text is what is written, and a refused draft changes nothing", async (context) => {
  const { dir, desk, idOf, entry } = await draftedShow(context);
  await desk.decide(await idOf("red-01.jpg"), { decision: "edit", caption: "  Little Red\nRiding Hood. " });
  assert.equal((await entry("red-01.jpg")).caption, "Little Red Riding Hood.");
  const before = await readMetadata(dir);
  const axe = await idOf("axe-01.jpg");
  assert.deepEqual(await desk.decide(axe, { decision: "refuse" }), { state: "refused" });
  assert.equal(await readMetadata(dir), before);
  assert.deepEqual(await desk.decide(axe, { decision: "accept" }), { state: "gone" });
  assert.deepEqual((await desk.look()).counts, { open: 1, accepted: 1, refused: 1, changed: 0, failed: 0 });
});

test("a flagged draft is not accepted until each flag is confirmed; an edit that takes it out is", async (context) => {
  const flags: Draft["flags"] = [
    { kind: "invented-name", about: "Rufus" },
    { kind: "added", about: "green" },
  ];
  const { dir, desk, idOf, entry } = await draftedShow(context, {
    "wolf-01.jpg": { flags, caption: "Rufus bows." },
    "red-01.jpg": { flags, caption: "Rufus waves." },
  });
  const before = await readMetadata(dir);
  const wolf = await idOf("wolf-01.jpg");
  const rufus = { state: "confirm", flags: [{ kind: "invented-name", about: "Rufus" }] };
  assert.deepEqual(await desk.decide(wolf, { decision: "accept" }), rufus);
  assert.deepEqual(await desk.decide(wolf, { decision: "accept", despite: ["Hans"] }), rufus);
  assert.deepEqual(await desk.decide(wolf, { decision: "edit", caption: "the Wolf, or Rufus" }), rufus);
  assert.equal(await readMetadata(dir), before);
  assert.equal((await desk.decide(wolf, { decision: "accept", despite: ["Rufus"] })).state, "written");
  const edited = await desk.decide(await idOf("red-01.jpg"), {
    decision: "edit",
    caption: "Little Red Riding Hood waves.",
  });
  assert.equal(edited.state, "written");
  assert.equal((await entry("wolf-01.jpg")).caption, "Rufus bows.");
});

test("a picture whose line has changed since the draft is left alone", async (context) => {
  const { dir, desk, idOf } = await draftedShow(context);
  const [red, wolf] = [await idOf("red-01.jpg"), await idOf("wolf-01.jpg")];
  const text = (await readMetadata(dir)).replace(OLD, "Somebody else wrote this.");
  await writeFile(join(dir, "dataset/metadata.jsonl"), text);
  assert.equal((await desk.decide(wolf, { decision: "accept" })).state, "gone");
  assert.equal(await readMetadata(dir), text);
  assert.equal((await desk.decide(red, { decision: "accept" })).state, "written");
  assert.deepEqual((await desk.look()).counts, { open: 1, accepted: 1, refused: 0, changed: 1, failed: 0 });
});

test("of two drafts of a picture the later one waits", async (context) => {
  const { datasetDir, desk, idOf, draftOf } = await draftedShow(context);
  const first = await idOf("red-01.jpg");
  await draftsOf(datasetDir).append([draftOf("red-01.jpg", { caption: "A second one." })]);
  assert.equal((await desk.decide(first, { decision: "accept" })).state, "gone");
  assert.deepEqual(await desk.decide(await idOf("red-01.jpg"), { decision: "accept" }), {
    state: "written",
    old: undefined,
    caption: "A second one.",
  });
});

test("a decision that a crash cut off before the data set was written still waits", async (context) => {
  const { dir, desk, idOf, datasetDir } = await draftedShow(context);
  const id = await idOf("wolf-01.jpg");
  const before = await readMetadata(dir);
  await desk.decide(id, { decision: "accept" });
  // The history is written first: this is how it looks where the power goes between the two.
  await writeFile(join(dir, "dataset/metadata.jsonl.new"), before);
  await rename(join(dir, "dataset/metadata.jsonl.new"), join(dir, "dataset/metadata.jsonl"));
  assert.equal(await idOf("wolf-01.jpg"), id);
  await desk.decide(id, { decision: "accept" });
  assert.equal((await desk.look()).counts.accepted, 1);
  assert.equal((await historyOf(datasetDir).read()).length, 2);
  assert.ok((await readFile(join(datasetDir, "captions/history.jsonl"), "utf8")).includes(OLD));
});

test("many decisions at once lose none", async (context) => {
  const { desk, idOf, entry } = await draftedShow(context);
  const ids = await Promise.all(FILES.map(idOf));
  await Promise.all(ids.map((id) => desk.decide(id, { decision: "accept" })));
  for (const file of FILES) assert.match(String((await entry(file)).caption), /^Draft of/);
});

test("a decision is taken back byte for byte, the last one first, and only one's own", async (context) => {
  const { dir, desk, idOf, datasetDir } = await draftedShow(context);
  const file = join(dir, "dataset/metadata.jsonl");
  // Somebody's own way of writing a line.
  const odd = (await readMetadata(dir)).replace('"kind":"prop"', '"kind" :  "prop"');
  await writeFile(file, odd);
  const [red, wolf] = [await idOf("red-01.jpg"), await idOf("wolf-01.jpg")];
  await desk.decide(red, { decision: "refuse" });
  await desk.decide(wolf, { decision: "accept" });
  assert.equal(await desk.undo(), wolf);
  assert.equal(await readMetadata(dir), odd);
  assert.equal(await desk.undo(), red);
  assert.equal(await desk.undo(), undefined);
  assert.equal((await desk.look()).counts.open, 2);
  assert.equal((await desk.decide(wolf, { decision: "accept" })).state, "written");
  const [line] = (await historyOf(datasetDir).read()).slice(-1);
  assert.ok(line);
  await historyOf(datasetDir).append([{ ...line, who: "bob", draft: "another" }]);
  assert.equal(await desk.undo(), wolf);
});

test("a decision is not taken back where the line has changed since", async (context) => {
  const { dir, desk, idOf } = await draftedShow(context);
  await desk.decide(await idOf("wolf-01.jpg"), { decision: "accept" });
  const text = (await readMetadata(dir)).replace("Draft of wolf.", "Somebody wrote this afterwards.");
  await writeFile(join(dir, "dataset/metadata.jsonl"), text);
  assert.equal(await desk.undo(), undefined);
  assert.equal(await readMetadata(dir), text);
  assert.deepEqual((await desk.look()).counts, { open: 2, accepted: 1, refused: 0, changed: 0, failed: 0 });
});

test("of two desks the one that comes later does not undo what the other has decided", async (context) => {
  const { dir, datasetDir, desk, idOf } = await draftedShow(context);
  const show = await readShow(dir);
  const other = new CaptionDesk({
    datasetDir,
    room: await openRoom(datasetDir, { show }),
    cast: show.cast,
    who: "bob",
  });
  const id = await idOf("wolf-01.jpg");
  const decided = await Promise.all([
    desk.decide(id, { decision: "accept" }),
    other.decide(id, { decision: "refuse" }),
    desk.decide(await idOf("red-01.jpg"), { decision: "accept" }),
    other.decide(await idOf("axe-01.jpg"), { decision: "accept" }),
  ]);
  assert.deepEqual(
    decided.slice(2).map(({ state }) => state),
    ["written", "written"],
  );
  // Whichever came first: a refusal of a caption that stands by then is none.
  const { counts } = await desk.look();
  const written = (await readMetadata(dir)).includes("Draft of wolf.");
  assert.equal(decided[0]?.state, written ? "written" : "gone");
  assert.deepEqual([counts.open, counts.accepted, counts.refused], written ? [0, 3, 0] : [0, 2, 1]);
});
