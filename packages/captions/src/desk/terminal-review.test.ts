import assert from "node:assert/strict";
import { test } from "node:test";
import { readMetadata } from "../testdata/caption-show.ts";
import { draftedShow } from "../testdata/drafted-show.ts";
import { type ReviewTerminal, reviewInTerminal } from "./terminal-review.ts";

/** A terminal at which these keys are pressed, and whose editor leaves these texts. */
function typing(keys: string, edits: readonly (string | undefined)[] = []) {
  const pressed = keys.split("");
  const texts = [...edits];
  const lines: string[] = [];
  const terminal: ReviewTerminal = {
    colours: false,
    write: (line) => void lines.push(line),
    readKey: async () => pressed.shift(),
    edit: async () => texts.shift(),
  };
  return { terminal, lines, text: () => lines.join("\n") };
}

const NONE = { accepted: 0, edited: 0, refused: 0, skipped: 0 };

test("each key does what it says, and what is not pressed changes nothing", async (context) => {
  const { dir, desk } = await draftedShow(context);
  const before = await readMetadata(dir);
  const idle = typing("sxs");
  assert.deepEqual(await reviewInTerminal(desk, idle.terminal), { ...NONE, skipped: 2 });
  assert.equal(await readMetadata(dir), before);

  const { terminal, text } = typing("are a", ["Nobody waits."]);
  assert.deepEqual(await reviewInTerminal(desk, terminal), { ...NONE, accepted: 1, refused: 1, edited: 1 });
  assert.match(text(), /1 of 3 {2}red-01\.jpg/);
  assert.match(text(), /\{\+Draft of red\.\+\}/);
  assert.match(
    text(),
    /\[-The Wolf facing the camera on the wooden table, at noon-\] \{\+Draft of wolf\+\}\./,
  );
  assert.match(await readMetadata(dir), /"caption":"Nobody waits\."/);
});

test("the end of the keys, and q, leave the rest as it is", async (context) => {
  const { desk } = await draftedShow(context);
  assert.deepEqual(await reviewInTerminal(desk, typing("").terminal), NONE);
  assert.deepEqual(await reviewInTerminal(desk, typing("aq").terminal), { ...NONE, accepted: 1 });
  assert.equal((await desk.look()).open.length, 2);
});

test("a flagged draft wants the key twice, and any other key leaves it", async (context) => {
  const flags = [{ kind: "invented-name", about: "Rufus" }] as const;
  const { dir, desk } = await draftedShow(context, { "red-01.jpg": { flags: [...flags] } });
  const before = await readMetadata(dir);
  const { terminal, text } = typing("assss");
  await reviewInTerminal(desk, terminal);
  assert.match(text(), /! "Rufus" looks like a name/);
  assert.match(text(), /press a again to accept it all the same/);
  assert.equal(await readMetadata(dir), before);
  assert.deepEqual(await reviewInTerminal(desk, typing("aaq").terminal), { ...NONE, accepted: 1 });
});

test("an edited text is checked before it is written", async (context) => {
  const { dir, desk } = await draftedShow(context);
  const { terminal, text } = typing("easeq", ["Hansel waves.", undefined]);
  await reviewInTerminal(desk, terminal);
  assert.match(text(), /"Hansel" looks like a name/);
  assert.match(text(), /nothing was changed/);
  assert.doesNotMatch(await readMetadata(dir), /Hansel/);
});

test("z goes back to the draft that was decided last", async (context) => {
  const { dir, desk } = await draftedShow(context);
  const before = await readMetadata(dir);
  const { terminal, lines } = typing("zarzzq");
  assert.deepEqual(await reviewInTerminal(desk, terminal), NONE);
  assert.equal(await readMetadata(dir), before);
  assert.ok(lines.some((line) => line.startsWith("there is no decision of yours to take back")));
  assert.deepEqual(
    lines.filter((line) => line.includes(" of 3 ")).map((line) => line.slice(0, 1)),
    ["1", "1", "2", "3", "2", "1"],
  );
});

test("z takes a decision of an earlier review back, too, and shows its draft", async (context) => {
  const { dir, desk } = await draftedShow(context);
  const before = await readMetadata(dir);
  await reviewInTerminal(desk, typing("aq").terminal);
  const { terminal, lines } = typing("zrsq");
  assert.deepEqual(await reviewInTerminal(desk, terminal), { ...NONE, refused: 1, skipped: 1 });
  assert.equal(await readMetadata(dir), before);
  assert.ok(lines.includes("taken back"));
  assert.deepEqual(
    lines.filter((line) => / of [23] /.test(line)),
    ["1 of 2  wolf-01.jpg", "1 of 3  red-01.jpg", "2 of 3  wolf-01.jpg", "3 of 3  axe-01.jpg"],
  );
});

test("what a data set from elsewhere holds gives the terminal no orders", async (context) => {
  const { desk } = await draftedShow(context, {
    "red-01.jpg": { old: "Red\u001b]0;title\u0007\u202ewaves", seen: "\u001b[2Jgone" },
  });
  const { terminal, text } = typing("q");
  await reviewInTerminal(desk, terminal);
  assert.ok(["\u001b", "\u0007", "\u202e"].every((mark) => !text().includes(mark)));
  assert.match(text(), /\[2Jgone/);
});
