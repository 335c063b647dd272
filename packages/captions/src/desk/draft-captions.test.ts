import assert from "node:assert/strict";
import { appendFile, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { readShow } from "@followspot/show";
import { openWriter } from "../models/open-writer.ts";
import { lookSystem } from "../prompts/look.ts";
import { tidySystem } from "../prompts/tidy.ts";
import { captionShow, readMetadata } from "../testdata/caption-show.ts";
import { SAYS_TIDIED, scriptedWriters } from "../testdata/scripted-writers.ts";
import { CaptionDesk } from "./caption-desk.ts";
import { openRoom } from "./caption-room.ts";
import { type Draft, isDraft } from "./draft.ts";
import { type DraftCaptionsOptions, draftCaptions, draftsOf } from "./draft-captions.ts";

const FILES = ["red-01.jpg", "red-02.jpg", "wolf-01.jpg", "axe-01.jpg", "unknown-books-workshop.jpg"];

async function setUp(
  context: TestContext,
  {
    captioned,
    ...scripts
  }: Parameters<typeof scriptedWriters>[1] & { readonly captioned?: readonly string[] } = {},
) {
  const dir = await captionShow(context, { files: FILES, ...(captioned ? { captioned } : {}) });
  const scripted = await scriptedWriters(context, scripts);
  const show = await readShow(dir);
  const datasetDir = join(dir, "dataset");
  const open = async (model: string) => {
    const writer = await openWriter({ address: scripted.triton.address, model }, { option: "--x" });
    context.after(() => writer.close());
    return writer;
  };
  const look = { model: await open("qwen2_vl"), system: lookSystem(show) };
  const tidy = { model: await open("qwen2_text"), system: tidySystem(show) };
  const run = async (other: Partial<DraftCaptionsOptions> = {}) =>
    await draftCaptions({
      datasetDir,
      room: other.room ?? (await openRoom(datasetDir, { show })),
      look,
      tidy,
      cast: show.cast,
      family: "qwen2-vl",
      maxPixels: 301_056,
      deadlineMs: 20_000,
      wanted: "missing",
      retry: false,
      parallel: 2,
      signal: new AbortController().signal,
      onProgress: () => {},
      ...other,
    });
  const drafts = async () => (await draftsOf(datasetDir).read()).filter(isDraft);
  return { dir, datasetDir, run, drafts, ...scripted };
}

test("a draft of every picture without a caption comes, and the data set stays as it is", async (context) => {
  const { dir, run, drafts, heard } = await setUp(context, { captioned: ["red-02.jpg"] });
  const before = await readMetadata(dir);
  const report = await run();
  assert.equal(report.total, 4);
  assert.equal(report.drafted, 4);
  assert.deepEqual(report.readings, { look: { json: 4 }, tidy: { json: 4 } });
  assert.equal(report.stopped, undefined);
  assert.equal(await readMetadata(dir), before);
  const captions = new Map((await drafts()).map(({ file_name: file, caption }) => [file, caption]));
  assert.equal(captions.get("wolf-01.jpg"), "The Wolf facing the camera in the garden.");
  assert.equal(captions.get("axe-01.jpg"), "An axe facing the camera in the garden.");
  assert.equal(
    captions.get("unknown-books-workshop.jpg"),
    "A puppet of felt facing the camera in the garden; not part of the cast.",
  );
  assert.ok(heard.look.every(({ picture }) => picture));
  assert.ok(heard.tidy.every(({ picture }) => !picture));
  assert.equal(new Set(heard.tidy.map(({ system }) => system)).size, 1, "the long part is always the same");
  assert.equal(new Set(heard.look.map(({ system }) => system)).size, 1);
});

test("the same command again goes on: nothing is asked twice", async (context) => {
  const { run, heard } = await setUp(context);
  assert.equal((await run({ limit: 2 })).drafted, 2);
  const second = await run();
  assert.equal(second.drafted, 3);
  assert.equal(second.known, 2);
  const third = await run();
  assert.deepEqual([third.total, third.known], [0, 5]);
  assert.equal(heard.tidy.length, 5);
});

test("what was accepted needs no further draft, also where all pictures are asked for", async (context) => {
  const { run, datasetDir, dir } = await setUp(context);
  const show = await readShow(dir);
  await run({ limit: 1 });
  const desk = new CaptionDesk({
    datasetDir,
    room: await openRoom(datasetDir, { show }),
    cast: show.cast,
    who: "ada",
  });
  const [one] = (await desk.look()).open;
  assert.equal((await desk.decide(one?.id ?? "", { decision: "accept" })).state, "written");
  const all = await run({ wanted: "all" });
  assert.deepEqual([all.total, all.known], [4, 1]);
});

test("an interruption ends it at once, and what came is kept, also after a line that was cut off", async (context) => {
  const stop = new AbortController();
  const { run, drafts, datasetDir } = await setUp(context);
  const report = await run({ signal: stop.signal, parallel: 1, onProgress: () => stop.abort() });
  assert.ok(report.interrupted);
  assert.equal((await drafts()).length, 1);
  await appendFile(join(datasetDir, "captions/drafts.jsonl"), '{"file_name":"wolf-01.jpg","li');
  assert.equal((await run()).drafted, 4);
  assert.equal((await drafts()).length, 5);
});

test("an answer that cannot be read is asked for three times, then counted, and retried only on request", async (context) => {
  const { run, heard, says, datasetDir } = await setUp(context, {
    tidy: (told) => (told.question.includes("wolf") ? "I would rather not." : SAYS_TIDIED(told)),
  });
  const report = await run();
  assert.deepEqual(report.failed, { "unreadable-tidying": 1 });
  assert.deepEqual(report.answers, { read: 9, unreadable: 3 });
  assert.equal(heard.tidy.filter(({ question }) => question.includes("wolf")).length, 3);
  const [failed] = (await draftsOf(datasetDir).read()).filter((line) => !isDraft(line));
  assert.equal(failed && "said" in failed && failed.said, "I would rather not.");
  const again = await run();
  assert.deepEqual([again.total, again.failedBefore], [0, 1]);
  says.tidy = SAYS_TIDIED;
  assert.equal((await run({ retry: true })).drafted, 1);
});

test("what has to be mended is mended, and how often is said", async (context) => {
  const { run } = await setUp(context, {
    look: ({ number }) =>
      number === 1 ? "A puppet faces the camera." : '{"caption": "A puppet faces the camera.',
    tidy: (told) => `\`\`\`json\n${SAYS_TIDIED(told)}\n\`\`\``,
  });
  assert.deepEqual((await run({ limit: 2 })).readings, {
    look: { plain: 1, mended: 1 },
    tidy: { fenced: 2 },
  });
});

test("a name that either model makes up is flagged, and an alias is folded", async (context) => {
  const { run, drafts } = await setUp(context, {
    tidy: () =>
      JSON.stringify({
        who: ["wolf"],
        identity: "",
        state: "the big bad wolf Rufus bows",
        place: "to Granny",
      }),
  });
  assert.equal((await run({ limit: 3 })).flagged, 3);
  const wolf = (await drafts()).find(({ file_name: file }) => file === "wolf-01.jpg") as Draft;
  assert.equal(wolf.state, "the Wolf Rufus bows");
  assert.deepEqual(
    wolf.flags.filter(({ kind }) => kind !== "added"),
    [
      { kind: "invented-name", about: "Rufus" },
      { kind: "not-in-picture", about: "grandmother" },
    ],
  );
});

test("without a look at the pictures the captions that are there are tidied", async (context) => {
  const { run, drafts, heard } = await setUp(context, { captioned: ["wolf-01.jpg"] });
  const report = await run({ look: undefined, wanted: "all" });
  assert.deepEqual([report.total, report.drafted, heard.look.length], [1, 1, 0]);
  assert.match(
    heard.tidy[0]?.question ?? "",
    /Tidy this caption: "The Wolf facing the camera on the wooden table/,
  );
  const [draft] = await drafts();
  assert.equal(draft?.old, draft?.seen);
  assert.equal(draft?.models.look, null);
});

test("a server that stumbles is asked again; one that is gone ends the run with what there is", async (context) => {
  const { run, triton, drafts } = await setUp(context);
  triton.misbehave("overloaded", 2);
  assert.equal((await run({ limit: 1 })).drafted, 1);
  await triton.stop();
  const report = await run({ deadlineMs: 60_000 });
  assert.match(report.stopped ?? "", /unavailable/);
  assert.equal((await drafts()).length, 1);
  await triton.start();
  assert.equal((await run()).drafted, 4);
});

test("a picture that takes too long is left; three in a row end the run", async (context) => {
  const { run, triton } = await setUp(context);
  triton.misbehave("hang");
  const report = await run({ deadlineMs: 300, limit: 2, parallel: 1 });
  assert.deepEqual(report.failed, { "too-late": 1 });
  assert.equal(report.drafted, 1);
  triton.behave();
  triton.misbehave("hang", 10);
  const hung = await run({ deadlineMs: 150, retry: true });
  assert.match(hung.stopped ?? "", /3 pictures in a row took longer than 150 ms/);
  assert.ok((hung.failed["too-late"] ?? 0) >= 3);
});

test("a picture that cannot be decoded is named, and the others go on", async (context) => {
  const { run, dir } = await setUp(context);
  const room = await openRoom(join(dir, "dataset"), { show: await readShow(dir) });
  await rm(join(dir, "dataset/red-02.jpg"));
  await writeFile(
    join(dir, "dataset/wolf-01.jpg"),
    (await readFile(join(dir, "dataset/wolf-01.jpg"))).subarray(0, 900),
  );
  const report = await run({ room });
  assert.deepEqual(report.failed, { "bad-picture": 2 });
  assert.equal(report.drafted, 3);
});

test("a question that the server refuses costs its picture; three in a row end the run with its words", async (context) => {
  const { run, triton, datasetDir } = await setUp(context);
  assert.equal((await run({ limit: 1 })).drafted, 1);
  triton.misbehave("wrong-datatype");
  const report = await run({ parallel: 1, limit: 2 });
  assert.deepEqual([report.failed, report.drafted], [{ "server-refused": 1 }, 1]);
  const [failed] = (await draftsOf(datasetDir).read()).filter((line) => !isDraft(line));
  assert.match(failed && "said" in failed ? (failed.said ?? "") : "", /malformed-answer/);
  triton.misbehave("wrong-datatype", 10);
  const refused = await run({ retry: true, parallel: 1 });
  assert.match(refused.stopped ?? "", /3 pictures in a row failed, the last with: .*malformed-answer/);
});

test("what no server is to blame for ends the whole run, and is not swallowed", async (context) => {
  const { run, datasetDir, heard } = await setUp(context);
  await writeFile(join(datasetDir, "captions"), "a file where the folder belongs");
  await assert.rejects(run(), /EEXIST|ENOTDIR/);
  assert.equal(heard.tidy.length, 1);
});
