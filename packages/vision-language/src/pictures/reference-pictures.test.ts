import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "@followspot/domain";
import sharp from "sharp";
import { FAMILIES } from "../family.ts";
import { readReferences } from "./reference-pictures.ts";

const dir = await mkdtemp(join(tmpdir(), "followspot-references-"));
after(() => rm(dir, { recursive: true }));

const profile = FAMILIES["qwen2-vl"];

/** A grey stage of 400 x 300 with a coloured subject from 100,50 to 200,250. */
async function paint(file: string, background: string): Promise<void> {
  const subject = await sharp({ create: { width: 100, height: 200, channels: 3, background } })
    .png()
    .toBuffer();
  await sharp({ create: { width: 400, height: 300, channels: 3, background: "#808080" } })
    .composite([{ input: subject, left: 100, top: 50 }])
    .png()
    .toFile(join(dir, file));
}

await paint("bear.png", "#704020");
await paint("fox-test.png", "#0000ff");
await paint("fox-whole.png", "#00ff00");
await paint("fox.png", "#ff8000");
const framed = { bbox: [[100, 50, 100, 200]], categories: ["fox"] };
const lines = [
  { file_name: "bear.png", kind: "character", name: "bear" },
  { file_name: "fox-test.png", kind: "character", name: "fox", split: "test", objects: framed },
  { file_name: "fox-whole.png", kind: "character", name: "fox" },
  { file_name: "fox.png", kind: "character", name: "fox", objects: framed },
];
await writeFile(join(dir, "metadata.jsonl"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""));

test("one picture of each in the order of the cast: cut to the subject, never one for testing, small", async () => {
  const references = await readReferences({ datasetDir: dir, labels: ["fox", "crown", "bear"], profile });
  assert.deepEqual(
    references.map(({ label }) => label),
    ["fox", "bear"],
    "nobody has photographed the crown",
  );
  const [fox] = references;
  assert.ok(fox);
  const { width, height } = await sharp(fox.jpeg).metadata();
  assert.ok(width % 28 === 0 && height % 28 === 0 && width * height <= 196 * 196, `${width}x${height}`);
  assert.ok(height > width, "the subject is tall");
  const { dominant } = await sharp(fox.jpeg).stats();
  assert.ok(
    dominant.r > 200 && dominant.b < 60,
    "the framed one that may be learnt from, and it fills the picture",
  );
});

test("they are the same bytes each time, and no more than the bound", async () => {
  const read = (most: number) => readReferences({ datasetDir: dir, labels: ["fox", "bear"], profile, most });
  const [one, other] = [await read(1), await read(2)];
  assert.equal(one.length, 1);
  assert.deepEqual(one[0], other[0]);
});

test("a data set that shows none of them is refused in a sentence", async () => {
  await assert.rejects(readReferences({ datasetDir: dir, labels: ["crown"], profile }), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /no picture for learning of crown/);
    return true;
  });
});
