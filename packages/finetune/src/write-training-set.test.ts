import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { UserError } from "@followspot/domain";
import { FAMILIES, fitPicture, PromptBook, QUESTIONS, systemText } from "@followspot/vision-language";
import sharp from "sharp";
import { writePaperShow } from "./testdata/paper-show.ts";
import type { TrainingPicture, TrainingSetHead } from "./training-set.ts";
import { writeTrainingSet } from "./write-training-set.ts";

async function folder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-finetune-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

async function linesOf(file: string): Promise<TrainingPicture[]> {
  const text = await readFile(file, "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as TrainingPicture);
}

async function written(context: TestContext, options: Partial<Parameters<typeof writePaperShow>[1]> = {}) {
  const dir = await folder(context);
  const show = await writePaperShow(dir, { times: 1, ...options });
  const to = join(dir, "set");
  const report = await writeTrainingSet({ show, datasetDir: join(dir, "dataset"), to, seed: 1 });
  const [train, heldOut] = await Promise.all([
    linesOf(join(to, "train.jsonl")),
    linesOf(join(to, "held-out.jsonl")),
  ]);
  const head = JSON.parse(await readFile(join(to, "training-set.json"), "utf8")) as TrainingSetHead;
  return { dir, show, to, report, train, heldOut, head };
}

test("the model is told and asked in training what it is told and asked in the show", async (context) => {
  const { show, head } = await written(context);
  assert.equal(head.systems[0]?.text, systemText(show));
  assert.deepEqual(
    head.systems.map(({ scene }) => scene),
    [null, "first"],
  );
  assert.equal(head.systems[1]?.text, systemText(show, "first"));
  assert.equal(head.promptVersion, new PromptBook(show).version);
  for (const [name, question] of Object.entries(QUESTIONS)) assert.equal(head.questions[name], question);
});

test("pictures have the bytes that are sent in the show", async (context) => {
  const { dir, show, to, train } = await written(context);
  const first = train.find(({ caption }) => caption?.startsWith("fox")) as TrainingPicture;
  const [, place] = /in the (\w+)/.exec(first.caption ?? "") ?? [];
  const original = await readFile(join(dir, "dataset", `fox-${place}-0.jpg`));
  const { maxPixels } = show.recognizer;
  const sent = await fitPicture(original, { profile: FAMILIES["qwen2-vl"], maxPixels });
  assert.deepEqual(await readFile(join(to, first.file)), Buffer.from(sent.jpeg));
});

test("whole scenes are held out, and golden pictures are nowhere", async (context) => {
  const { train, heldOut, report } = await written(context, { golden: ["cellar"] });
  const learnt = new Set(train.map(({ scene }) => scene));
  const judged = new Set(heldOut.map(({ scene }) => scene));
  assert.ok(judged.size > 0);
  assert.deepEqual(
    [...judged].filter((scene) => learnt.has(scene)),
    [],
  );
  assert.equal(
    [...train, ...heldOut].some(({ scene, caption }) => scene === "cellar" || caption?.includes("cellar")),
    false,
  );
  assert.equal(report.train + report.heldOut, 4 * 6);
});

test("subjects stand before other places, with their boxes, and never in the held-out scenes", async (context) => {
  const { train, heldOut } = await written(context);
  const swaps = train.filter(({ swapped }) => swapped !== null);
  const fileOf = new Map(train.map((picture) => [picture.file, picture]));
  const judged = new Set(heldOut.map(({ scene }) => scene));
  assert.ok(swaps.length >= 60, `only ${swaps.length}`);
  for (const swap of swaps) {
    const source = fileOf.get(swap.swapped ?? "");
    assert.ok(source);
    assert.notEqual(swap.scene, source.scene);
    assert.ok(!judged.has(swap.scene));
    assert.equal(swap.caption, null);
    for (const label of source.present) assert.ok(swap.present.includes(label));
    assert.deepEqual(new Set(swap.boxes?.map(({ label }) => label)), new Set(swap.present));
  }
});

test("an empty place shows nobody, a stranger somebody unknown", async (context) => {
  const { train } = await written(context);
  const of = (word: string) => train.find(({ caption }) => caption?.startsWith(word))?.present;
  assert.deepEqual(of("Nobody"), []);
  assert.deepEqual(of("unknown"), ["unknown"]);
  assert.deepEqual(of("king"), ["king"]);
});

test("boxes are written as the family writes them", async (context) => {
  const { to, train } = await written(context);
  const fox = train.find(({ caption }) => caption?.startsWith("fox")) as TrainingPicture;
  const [box] = fox.boxes ?? [];
  assert.ok(box);
  const [left, top, right, bottom] = box.corners;
  assert.equal(
    box.written,
    `<|object_ref_start|>fox<|object_ref_end|><|box_start|>(${left},${top}),(${right},${bottom})<|box_end|>`,
  );
  // The middle of the box shows the fox's own colour.
  const { data, info } = await sharp(join(to, fox.file)).raw().toBuffer({ resolveWithObject: true });
  const [x, y] = [(left + right) / 2_000, (top + bottom) / 2_000];
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
  assert.ok(
    (data[at] as number) > 190 && (data[at + 2] as number) < 70,
    `the pixel is ${data.subarray(at, at + 3).join(" ")}`,
  );
});

test("the same seed writes the same bytes, another one others", async (context) => {
  const dir = await folder(context);
  const show = await writePaperShow(dir, { times: 1 });
  const set = async (name: string, seed: number) => {
    await writeTrainingSet({ show, datasetDir: join(dir, "dataset"), to: join(dir, name), seed });
    const lines = await readFile(join(dir, name, "train.jsonl"), "utf8");
    const last = (await linesOf(join(dir, name, "train.jsonl"))).at(-1) as TrainingPicture;
    return [lines, (await readFile(join(dir, name, last.file))).toString("base64")];
  };
  const first = await set("one", 1);
  assert.deepEqual(await set("two", 1), first);
  assert.notDeepEqual(await set("three", 2), first);
});

test("without boxes nothing is swapped, and the reader is told what that means", async (context) => {
  const { train, report } = await written(context, { framed: false });
  assert.equal(report.swapped, 0);
  assert.ok(train.every(({ boxes }) => boxes === null));
  assert.match(report.remarks.join("\n"), /draw boxes, or the model may learn the place/);
});

test("a name that the cast does not have is refused before anything is written", async (context) => {
  const dir = await folder(context);
  const show = await writePaperShow(dir, { times: 1 });
  const smaller = { ...show, cast: show.cast.filter(({ id }) => id !== "king") };
  await assert.rejects(
    writeTrainingSet({ show: smaller, datasetDir: join(dir, "dataset"), to: join(dir, "set"), seed: 1 }),
    (error) =>
      error instanceof UserError && /names king, and the cast in show.yaml does not/.test(error.message),
  );
});

test("a model that cannot be fine-tuned here is refused", async (context) => {
  const dir = await folder(context);
  const show = await writePaperShow(dir, { times: 1 });
  const other = { ...show, recognizer: { ...show.recognizer, family: "qwen3-vl" as const } };
  await assert.rejects(
    writeTrainingSet({ show: other, datasetDir: join(dir, "dataset"), to: join(dir, "set"), seed: 1 }),
    /recognizer.family is qwen3-vl/,
  );
});
