import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { SeededRandom, UserError } from "@followspot/domain";
import fc from "fast-check";
import sharp from "sharp";
import { datasetVersion, type VersionLine, versionOf } from "./dataset-version.ts";
import { PIXEL_HASH_CACHE } from "./pixel-hash-cache.ts";
import { readDataset } from "./read-dataset.ts";

const RED = { file_name: "a.png", kind: "character", name: "red", scene: "garden", caption: "Red." };
const WOLF = {
  file_name: "b.png",
  kind: "character",
  name: "wolf",
  objects: {
    bbox: [
      [1, 2, 20, 20],
      [5, 5, 9, 9],
    ],
    categories: ["wolf", "axe"],
  },
};

function painted(seed: number) {
  const random = new SeededRandom(seed);
  const rgb = Buffer.from(Array.from({ length: 32 * 24 * 3 }, () => random.below(256)));
  return sharp(rgb, { raw: { width: 32, height: 24, channels: 3 } });
}

async function folder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-version-"));
  context.after(() => rm(dir, { recursive: true }));
  await painted(1).png().toFile(join(dir, "a.png"));
  await painted(2).png().toFile(join(dir, "b.png"));
  return dir;
}

async function hashOf(dir: string, lines: readonly object[]): Promise<string> {
  await writeFile(join(dir, "metadata.jsonl"), lines.map((line) => JSON.stringify(line)).join("\n"));
  return (await datasetVersion(await readDataset(dir))).hash;
}

test("order of lines, names of files and how pixels are packed do not change the version", async (context) => {
  const dir = await folder(context);
  const first = await hashOf(dir, [RED, WOLF]);
  assert.match(first, /^[0-9a-f]{64}$/);
  assert.equal(await hashOf(dir, [WOLF, RED]), first);
  await rename(join(dir, "b.png"), join(dir, "c.png"));
  assert.equal(await hashOf(dir, [RED, { ...WOLF, file_name: "c.png" }]), first);
  await painted(1).tiff({ compression: "lzw" }).toFile(join(dir, "a.tiff"));
  assert.equal(
    await hashOf(dir, [
      { ...RED, file_name: "a.tiff" },
      { ...WOLF, file_name: "c.png" },
    ]),
    first,
  );
});

test("label, kind, scene, caption, split, a box and a pixel each change the version", async (context) => {
  const dir = await folder(context);
  const seen = new Set([await hashOf(dir, [RED, WOLF])]);
  const changes = [
    { name: "mother" },
    { kind: "prop" },
    { scene: "table" },
    { caption: "Red!" },
    { split: "golden" },
    { objects: { bbox: [[1, 1, 5, 5]], categories: ["red"] } },
  ];
  for (const change of changes) seen.add(await hashOf(dir, [{ ...RED, ...change }, WOLF]));
  await painted(3).png().toFile(join(dir, "a.png"));
  seen.add(await hashOf(dir, [RED, WOLF]));
  assert.equal(seen.size, changes.length + 2);
});

test("hashes of unchanged pictures come from the cache, and a broken cache changes nothing", async (context) => {
  const dir = await folder(context);
  const first = await hashOf(dir, [RED, WOLF]);
  const file = join(dir, PIXEL_HASH_CACHE);
  const cache = await readFile(file, "utf8");
  // Proof that it is asked: a wrong hash in it is believed.
  await writeFile(
    file,
    cache.replace(/"[0-9a-f]{64}"/, (hash) =>
      hash.replace(/[0-9a-f]/, (digit) => (digit === "0" ? "1" : "0")),
    ),
  );
  assert.notEqual(await hashOf(dir, [RED, WOLF]), first);
  for (const broken of ["{", "[]", '{"decoder":"other","pixels":{}}']) {
    await writeFile(file, broken);
    assert.equal(await hashOf(dir, [RED, WOLF]), first);
  }
});

test("without the cache nothing is written", async (context) => {
  const dir = await folder(context);
  await writeFile(join(dir, "metadata.jsonl"), JSON.stringify(RED));
  const dataset = await readDataset(dir);
  await datasetVersion(dataset, { cache: false });
  await assert.rejects(readFile(join(dir, PIXEL_HASH_CACHE)), { code: "ENOENT" });
});

test("where the cache cannot be written, the data set has a version all the same", async (context) => {
  const dir = await folder(context);
  await mkdir(join(dir, PIXEL_HASH_CACHE));
  assert.match(await hashOf(dir, [RED, WOLF]), /^[0-9a-f]{64}$/);
  assert.deepEqual((await readdir(dir)).sort(), [PIXEL_HASH_CACHE, "a.png", "b.png", "metadata.jsonl"]);
});

test("a picture that cannot be decoded is named with its line", async (context) => {
  const dir = await folder(context);
  await writeFile(join(dir, "a.png"), "no picture");
  await assert.rejects(hashOf(dir, [RED, WOLF]), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /metadata\.jsonl:1: file_name: .*a\.png: the picture cannot be decoded/);
    return true;
  });
});

test("any order of any lines has one version, and any changed field another", () => {
  const text = fc.string({ maxLength: 12 });
  const line: fc.Arbitrary<VersionLine> = fc.record({
    fileName: text,
    pixels: text,
    kind: fc.constantFrom("character", "prop", "unknown"),
    label: text,
    scene: fc.option(text),
    caption: fc.option(text),
    split: fc.option(fc.constantFrom("train", "test", "golden")),
    objects: fc.constant(null),
  });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), fc.nat(), (lines, at) => {
      const { hash } = versionOf(lines);
      assert.equal(versionOf(lines.toReversed()).hash, hash);
      const changed = lines.map((one, index) =>
        index === at % lines.length ? { ...one, caption: `${one.caption ?? ""}+` } : one,
      );
      assert.notEqual(versionOf(changed).hash, hash);
      assert.notEqual(versionOf([...lines, lines[0] as VersionLine]).hash, hash);
    }),
  );
});
