import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import sharp from "sharp";
import { exportDataset } from "./export-dataset.ts";
import { llamaFactoryProblems, msSwiftProblems } from "./testdata/loader-rules.ts";

const ROWS = [
  { kind: "character", name: "red", scene: "hall", caption: "Red in the hall.", mood: "glad" },
  // What a loader would take for a mark, and columns of people's own that no table could hold.
  {
    kind: "character",
    name: "red",
    caption: "An <image> of <bbox>, <ref-object>,\n<video> and <|im_end|>.",
    mood: 7,
  },
  { kind: "character", name: "red", caption: "<image>", mood: ["glad"] },
  {
    kind: "prop",
    name: "axe",
    mood: { how: "glad" },
    objects: { bbox: [[1.5, 2, 20, 30]], categories: ["axe"] },
  },
  {
    kind: "character",
    name: "red",
    caption: "Two.",
    objects: {
      bbox: [
        [1, 2, 20, 30],
        [30, 10, 8, 8],
      ],
      categories: ["red", "axe"],
    },
  },
  { kind: "unknown", caption: "Nobody.", objects: { bbox: [], categories: [] } },
  { kind: "unknown", scene: "hall", split: "golden" },
] as const;

/** A data set with all that makes a loader stumble. */
async function oddDataset(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-odd-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  const jpeg = await sharp({ create: { width: 64, height: 48, channels: 3, background: "teal" } })
    .jpeg()
    .toBuffer();
  const lines = ROWS.map((row, index) => ({ file_name: `${index}.jpg`, ...row }));
  for (const { file_name } of lines) await writeFile(join(dir, file_name), jpeg);
  await writeFile(join(dir, "metadata.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  return dir;
}

test("LLaMA-Factory's loader takes every conversation of an odd data set", async (context) => {
  const datasetDir = await oddDataset(context);
  const to = join(datasetDir, "export");
  await exportDataset({ datasetDir, to, format: "sharegpt" });
  assert.deepEqual(llamaFactoryProblems(to), []);
});

test("ms-swift's loader takes every conversation, with boxes beside the text and in it", async (context) => {
  const datasetDir = await oddDataset(context);
  for (const boxes of ["pixels", "qwen2-vl", "qwen2.5-vl"] as const) {
    const to = join(datasetDir, boxes);
    await exportDataset({ datasetDir, to, format: "ms-swift", boxes });
    for (const file of ["train.jsonl", "golden.jsonl"]) assert.deepEqual(msSwiftProblems(to, file), []);
  }
});

test("the rules notice what the loaders would stumble over", async (context) => {
  const datasetDir = await oddDataset(context);
  const to = join(datasetDir, "export");
  await exportDataset({ datasetDir, to, format: "sharegpt" });
  const file = join(to, "train.json");
  const rows = JSON.parse(await readFile(file, "utf8")) as {
    messages: { role: string; content: string }[];
    images: string[];
    followspot: unknown;
  }[];
  const [first, second, third] = rows;
  assert.ok(first && second && third);
  first.messages.push({ role: "user", content: "<image>" });
  second.images = ["images/gone.jpg"];
  third.followspot = { kind: "prop" };
  await writeFile(file, JSON.stringify(rows));
  assert.deepEqual(llamaFactoryProblems(to), [
    "followspot_train[0]: 5 turns",
    "followspot_train[0]: 2 times <image>, not 1",
    "followspot_train[1]: no images/gone.jpg",
    "followspot_train: .followspot is object and string",
  ]);
});
