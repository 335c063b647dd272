import assert from "node:assert/strict";
import { appendFile, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { decodeDatasetPicture, readDataset } from "@followspot/dataset";
import { readSamples } from "@followspot/recognition";
import { describeQuestion } from "./describe-question.ts";
import { ReviewSession, reviewDirOf } from "./review-session.ts";
import { CAST, DAY, type Kept, reviewShow } from "./testdata/review-show.ts";

const open = (showDir: string) => ReviewSession.open({ showDir, cast: CAST, who: "ada" });

/** Which question is about a kept frame, by its place among those. */
function questionOf(session: ReviewSession, at: number) {
  const found = session.questions.find(({ frame }) => frame.id.endsWith(`-${at}`));
  assert.ok(found);
  return found;
}

test("a confirmed guess goes into the data set as a crop with its box and where it comes from", async (context) => {
  const showDir = await reviewShow(context, { kept: [{ who: "wolf", turn: 5 }] });
  const session = await open(showDir);
  const question = questionOf(session, 0);
  await session.answer(question.frame.id, session.confirm(question));
  const { files, refused } = await session.accept();
  assert.deepEqual([files.length, refused], [1, {}]);

  const dataset = await readDataset(join(showDir, "dataset"));
  const added = dataset.pictures.find(({ fileName }) => fileName === files[0]);
  assert.ok(added);
  assert.deepEqual([added.kind, added.label, added.scene], ["character", "wolf", `show-${DAY}`]);
  const { extra } = added;
  assert.deepEqual(
    [extra?.show, extra?.camera, extra?.model_version, extra?.answered_by, extra?.review_id],
    ["test-show", "stage", "0123456789ab", "ada", question.frame.id],
  );
  // The box lies inside the crop, with room around it.
  const picture = await decodeDatasetPicture(added);
  const box = added.objects?.[0]?.box;
  assert.ok(box && box.left > 10 && box.top > 10 && box.left + box.width < picture.width - 10);
  assert.equal((await readSamples(join(showDir, "dataset"))).length, 10);
});

test("each answer makes its own line, and none where there is nothing to learn", async (context) => {
  const kept: Kept[] = [
    { who: "wolf", turn: 3, guess: "red" },
    { who: "fox", turn: 4, guess: "unknown" },
    { who: "nobody", turn: 5, guess: "nobody", box: false },
    { who: "axe", turn: 6 },
  ];
  const showDir = await reviewShow(context, { kept });
  const session = await open(showDir);
  await session.answer(questionOf(session, 0).frame.id, { kind: "cast", label: "wolf" });
  await session.answer(questionOf(session, 1).frame.id, session.confirm(questionOf(session, 1)));
  await session.answer(questionOf(session, 2).frame.id, session.confirm(questionOf(session, 2)));
  await session.answer(questionOf(session, 3).frame.id, { kind: "unusable" });
  assert.deepEqual(await session.counts(), { total: 4, answered: 4, waiting: 4, accepted: 0 });
  const { files, refused } = await session.accept();
  assert.deepEqual([files.length, refused], [3, { unusable: 1 }]);
  const { pictures } = await readDataset(join(showDir, "dataset"));
  const added = files.map((file) => pictures.find(({ fileName }) => fileName === file));
  assert.deepEqual(
    added.map((entry) => [entry?.kind, entry?.label, entry?.objects?.length]),
    [
      ["character", "wolf", 1],
      ["unknown", "unknown", 1],
      ["unknown", "unknown", 0],
    ],
  );
  assert.deepEqual(await session.counts(), { total: 4, answered: 4, waiting: 0, accepted: 4 });
});

test("accepting again after a crash before it was noted adds nothing twice", async (context) => {
  const showDir = await reviewShow(context, { kept: [{ who: "wolf", turn: 5 }] });
  const session = await open(showDir);
  const { frame } = questionOf(session, 0);
  await session.answer(frame.id, { kind: "cast", label: "wolf" });
  const journal = join(reviewDirOf(showDir), "answers.jsonl");
  const before = await readFile(journal, "utf8");
  await session.accept();
  const lines = await readFile(join(showDir, "dataset/metadata.jsonl"), "utf8");
  // As if the process had died between the data set and the journal.
  await rm(journal);
  await appendFile(journal, before);
  await (await open(showDir)).accept();
  assert.equal(await readFile(join(showDir, "dataset/metadata.jsonl"), "utf8"), lines);
});

test("golden pictures stay out: neither their near-duplicates nor their show are learnt from", async (context) => {
  const golden = [{ who: "wolf", turn: 5, scene: "museum" }];
  const kept: Kept[] = [
    { who: "wolf", turn: 5 },
    { who: "red", turn: 4 },
  ];
  const showDir = await reviewShow(context, { kept, golden });
  const session = await open(showDir);
  for (const question of session.questions)
    await session.answer(question.frame.id, session.confirm(question));
  assert.deepEqual((await session.accept()).refused, { "golden-twin": 1 });

  const sameShow = await reviewShow(context, {
    kept,
    golden: [{ who: "axe", turn: 6, scene: `show-${DAY}` }],
  });
  const other = await open(sameShow);
  for (const question of other.questions) await other.answer(question.frame.id, other.confirm(question));
  assert.deepEqual(await other.accept(), { files: [], refused: { "golden-scene": 2 } });
});

test("the queue begins with what teaches most, and shows the two pictures that are most alike", async (context) => {
  const kept: Kept[] = [
    { who: "red", turn: 1, confidence: 0.98, reason: "random" },
    { who: "red", turn: 4, confidence: 0.5 },
  ];
  const session = await open(await reviewShow(context, { kept }));
  assert.ok(session.questions[0]?.frame.id.endsWith("-1"));
  const [first, second] = session.questions[0]?.lookalikes ?? [];
  assert.ok(first && second && first.likeness >= second.likeness);
  assert.notEqual(first.subject.fileName, second.subject.fileName);
});

test("a label that is nobody's and a question that is none are refused in a sentence", async (context) => {
  const session = await open(await reviewShow(context, { kept: [{ who: "wolf", turn: 5 }] }));
  await assert.rejects(session.answer("none", { kind: "unknown" }), /no question "none"/);
  const { id } = questionOf(session, 0).frame;
  await assert.rejects(session.answer(id, { kind: "cast", label: "fox" }), /"fox" is not in the cast/);
});

test("a show without kept frames is answered in a sentence", async (context) => {
  const showDir = await reviewShow(context, { kept: [{ who: "wolf", turn: 5 }] });
  await assert.rejects(
    ReviewSession.open({ showDir, cast: CAST, who: "ada", day: "2020-01-01" }),
    /no frames of 2020-01-01; there are: 2026-05-02/,
  );
  await rm(reviewDirOf(showDir), { recursive: true });
  await assert.rejects(open(showDir), /holds no frames yet: followspot up keeps some/);
});

test("those with one guess come together, what is worth most first, and each of the cast keeps its key", async (context) => {
  const showDir = await reviewShow(context, {
    kept: [
      { who: "wolf", turn: 5, confidence: 0.5 },
      { who: "red", turn: 4, confidence: 0.9 },
      { who: "wolf", turn: 8, confidence: 0.97 },
      { who: "red", turn: 9, confidence: 0.55 },
    ],
  });
  const session = await open(showDir);
  const guesses = session.questions.map(({ frame }) => frame.guess);
  assert.equal(new Set(guesses.slice(0, 2)).size, 1, guesses.join());
  assert.equal(new Set(guesses.slice(2)).size, 1, guesses.join());
  for (const at of [0, 2]) {
    assert.ok((session.questions[at]?.worth ?? 0) >= (session.questions[at + 1]?.worth ?? 1));
  }
  for (const question of session.questions) {
    const { choices } = describeQuestion(question, CAST);
    assert.deepEqual(
      choices.map(({ label }) => label),
      ["wolf", "red", "axe"],
    );
  }
});
