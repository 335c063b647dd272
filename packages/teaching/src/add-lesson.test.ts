import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { appendPictures, readDataset } from "@followspot/dataset";
import { addLesson, type Lesson } from "./add-lesson.ts";
import { boxOf, drawStage, type Newcomer, teachFrame } from "./testdata/newcomer.ts";

const DAY_MS = Date.UTC(2026, 2, 14, 20, 15);

async function datasetFolder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-lesson-"));
  t.after(() => rm(dir, { recursive: true }));
  return join(dir, "dataset");
}

async function lessonOf(...newcomers: readonly Newcomer[]): Promise<Lesson> {
  const pictures = await Promise.all(
    newcomers.map(async (newcomer, index) => ({
      frame: await teachFrame(drawStage([newcomer], { seed: index }), DAY_MS + index),
      box: boxOf(newcomer),
    })),
  );
  const empty = await teachFrame(drawStage([], { seed: 99 }), DAY_MS);
  return { label: "fox", kind: "character", cameraId: "table", caption: "a fox", pictures, empty };
}

const LEFT: Newcomer = { x: 80, y: 160, tall: 110, turned: 0 };
const RIGHT: Newcomer = { x: 230, y: 165, tall: 130, turned: 2 };

test("a lesson becomes pictures with boxes, one of the empty stage, all of one scene", async (t) => {
  const dir = await datasetFolder(t);
  const added = await addLesson(dir, await lessonOf(LEFT, RIGHT));
  assert.deepEqual([added.scene, added.golden, added.files.length], ["teach-2026-03-14-table", 0, 3]);
  const { pictures } = await readDataset(dir);
  assert.deepEqual(
    pictures.map(({ kind, label, scene }) => [kind, label, scene]),
    [
      ["character", "fox", added.scene],
      ["character", "fox", added.scene],
      ["unknown", "unknown", added.scene],
    ],
  );
  assert.deepEqual(pictures[0]?.objects, [
    { label: "fox", box: { left: 47, top: 50, width: 66, height: 110 } },
  ]);
  assert.deepEqual(pictures[2]?.objects, []);
  const [line = ""] = (await readFile(join(dir, "metadata.jsonl"), "utf8")).split("\n");
  const { source, camera, taken_at } = JSON.parse(line) as Record<string, string>;
  assert.deepEqual([source, camera, taken_at], ["teach", "table", "2026-03-14T20:15:00.000Z"]);
});

test("the same lesson twice adds nothing", async (t) => {
  const dir = await datasetFolder(t);
  const lesson = await lessonOf(LEFT, RIGHT);
  await addLesson(dir, lesson);
  await addLesson(dir, lesson);
  assert.equal((await readDataset(dir)).pictures.length, 3);
});

test("what shows the same as a golden picture does not enter training", async (t) => {
  const dir = await datasetFolder(t);
  const { jpeg } = await teachFrame(drawStage([LEFT], { seed: 0 }));
  await appendPictures(dir, [
    { bytes: jpeg, suggestedName: "golden", kind: "character", label: "fox", split: "golden" },
  ]);
  const added = await addLesson(dir, await lessonOf(LEFT, RIGHT));
  assert.deepEqual([added.golden, added.files.length], [1, 2]);
});
