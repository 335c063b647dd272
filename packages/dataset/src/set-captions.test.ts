import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import fc from "fast-check";
import { metadataLineHash, readMetadataLines, setCaptions } from "./set-captions.ts";

const LINES = [
  '{"file_name": "a.jpg",  "kind": "prop", "name": "axe"}',
  '{"file_name":"b.jpg","kind":"prop","name":"axe","take":12345678901234567890,"gain":1.0,"caption":"An axe."}',
  "",
  '{"file_name":"c.jpg","kind":"prop","name":"axe"}',
];

async function folder(context: TestContext, text = LINES.join("\n")): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-captions-"));
  context.after(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "metadata.jsonl"), text);
  return dir;
}

const read = (dir: string) => readFile(join(dir, "metadata.jsonl"), "utf8");
const change = (fileName: string, line: number, caption = "A hatchet.") => ({
  fileName,
  caption,
  line: metadataLineHash(LINES[line] ?? ""),
});

test("only the caption of the pictures named is written; all else stays, to the digit", async (context) => {
  const dir = await folder(context);
  const { written, changed } = await setCaptions(dir, [change("b.jpg", 1), change("c.jpg", 3)]);
  assert.deepEqual(changed, []);
  assert.deepEqual(
    written.map(({ fileName, old, caption }) => ({ fileName, old, caption })),
    [
      { fileName: "b.jpg", old: "An axe.", caption: "A hatchet." },
      { fileName: "c.jpg", old: undefined, caption: "A hatchet." },
    ],
  );
  const expected = [
    LINES[0],
    LINES[1]?.replace("An axe.", "A hatchet."),
    "",
    '{"file_name":"c.jpg","kind":"prop","name":"axe","caption":"A hatchet."}',
  ];
  assert.equal(await read(dir), expected.join("\n"));
  const lines = await readMetadataLines(dir);
  for (const { fileName, after } of written) assert.equal(metadataLineHash(lines.get(fileName) ?? ""), after);
});

test("a line that is another one by now is left alone, and so is a picture that is gone", async (context) => {
  const dir = await folder(context);
  const { written, changed } = await setCaptions(dir, [change("a.jpg", 1), change("gone.jpg", 0)]);
  assert.deepEqual(written, []);
  assert.deepEqual(changed, ["a.jpg", "gone.jpg"]);
  assert.equal(await read(dir), LINES.join("\n"));
});

test("where the history cannot be written, nothing is", async (context) => {
  const dir = await folder(context);
  const full = async () => await Promise.reject(new Error("the disk is full"));
  await assert.rejects(setCaptions(dir, [change("a.jpg", 0)], full), /the disk is full/);
  assert.equal(await read(dir), LINES.join("\n"));
  // The lock is free again.
  assert.equal((await setCaptions(dir, [change("a.jpg", 0)])).written.length, 1);
});

test("whatever columns somebody brought are there afterwards", async (context) => {
  const dir = await folder(context, "");
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), async (extra) => {
      const columns: Record<string, unknown> = { ...extra, file_name: "a.jpg", kind: "prop", name: "axe" };
      for (const key of ["scene", "caption", "split", "objects"]) delete columns[key];
      const line = JSON.stringify(columns);
      await writeFile(join(dir, "metadata.jsonl"), line);
      await setCaptions(dir, [{ fileName: "a.jpg", caption: "An axe.", line: metadataLineHash(line) }]);
      assert.deepEqual(JSON.parse(await read(dir)), { ...JSON.parse(line), caption: "An axe." });
    }),
    { numRuns: 60 },
  );
});
