import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { UserError } from "@followspot/domain";
import sharp from "sharp";
import { decodeDatasetPicture, readDataset } from "./read-dataset.ts";

async function folder(context: TestContext, lines: readonly (object | string)[]): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-dataset-"));
  context.after(() => rm(dir, { recursive: true }));
  const picture = sharp({ create: { width: 64, height: 48, channels: 3, background: "#804020" } });
  await picture.jpeg().toFile(join(dir, "red-01.jpg"));
  const text = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))).join("\n");
  await writeFile(join(dir, "metadata.jsonl"), text);
  return dir;
}

const RED = { file_name: "red-01.jpg", kind: "character", name: "red", scene: "garden", caption: "Red." };

test("a line becomes a picture with its label, scene and boxes", async (context) => {
  const dir = await folder(context, [
    { ...RED, objects: { bbox: [[1, 2, 30, 40]], categories: ["red"] } },
    "",
  ]);
  const { pictures, labels } = await readDataset(dir);
  assert.deepEqual(labels, ["red"]);
  assert.equal(pictures[0]?.scene, "garden");
  assert.deepEqual(pictures[0]?.objects, [{ label: "red", box: { left: 1, top: 2, width: 30, height: 40 } }]);
});

test("further columns are nobody's business, and unknown needs no name", async (context) => {
  const dir = await folder(context, [
    { file_name: "red-01.jpg", kind: "unknown", name: null, light: "strip" },
  ]);
  const { pictures, labels } = await readDataset(dir);
  assert.equal(pictures[0]?.label, "unknown");
  assert.deepEqual(labels, []);
});

const MISTAKES: readonly [string, object | string, RegExp][] = [
  ["no JSON", "{oops", /metadata\.jsonl:2: this line is not JSON/],
  ["an unknown kind", { ...RED, kind: "animal" }, /metadata\.jsonl:2: kind: /],
  ["a character without a name", { ...RED, name: null }, /metadata\.jsonl:2: name: a character needs/],
  ["a name that is no id", { ...RED, name: "Little Red" }, /metadata\.jsonl:2: name: must consist of/],
  [
    "a box without a size",
    { ...RED, objects: { bbox: [[1, 2, 0, 4]], categories: ["red"] } },
    /:2: objects\.bbox\.0\.2/,
  ],
  [
    "a box without a category",
    { ...RED, objects: { bbox: [[1, 2, 3, 4]], categories: [] } },
    /:2: objects: 1 boxes but 0/,
  ],
  ["a file elsewhere", { ...RED, file_name: "../red.jpg" }, /:2: file_name: .* must lie inside/],
  ["a file that is not there", { ...RED, file_name: "wolf.jpg" }, /:2: file_name: there is no picture/],
  ["the same file again", RED, /:2: file_name: .* is already in .*:1/],
];

for (const [what, line, message] of MISTAKES) {
  test(`${what} is refused, with file, line and field`, async (context) => {
    const dir = await folder(context, [RED, line]);
    await assert.rejects(readDataset(dir), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, message);
      return true;
    });
  });
}

test("a folder without metadata.jsonl says what is missing", async (context) => {
  const dir = await folder(context, [RED]);
  await rm(join(dir, "metadata.jsonl"));
  await assert.rejects(readDataset(dir), /metadata\.jsonl is missing/);
});

test("a box outside its picture is found when the picture is decoded", async (context) => {
  const dir = await folder(context, [{ ...RED, objects: { bbox: [[70, 2, 30, 40]], categories: ["red"] } }]);
  const [picture] = (await readDataset(dir)).pictures;
  assert.ok(picture);
  await assert.rejects(
    decodeDatasetPicture(picture),
    /objects\.bbox\.0: the box lies outside the picture of 64 x 48/,
  );
});
