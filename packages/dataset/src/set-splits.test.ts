import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { UserError } from "@followspot/domain";
import fc from "fast-check";
import { setSplits } from "./set-splits.ts";

async function folder(context: TestContext, text: string): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-splits-"));
  context.after(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "metadata.jsonl"), text);
  return dir;
}

const read = (dir: string) => readFile(join(dir, "metadata.jsonl"), "utf8");

test("only the split of the pictures named is written; all else stays, to the digit", async (context) => {
  const lines = [
    '{"file_name": "a.jpg",  "kind": "prop", "name": "axe"}',
    '{"file_name":"b.jpg","kind":"prop","name":"axe","take":12345678901234567890,"gain":1.0,"split":"test"}',
    "",
    '{"file_name":"c.jpg","kind":"prop","name":"axe","split":"train"}',
  ];
  const dir = await folder(context, lines.join("\n"));
  const splits = new Map([
    ["b.jpg", "train"],
    ["c.jpg", "train"],
    ["elsewhere.jpg", "golden"],
  ] as const);
  assert.equal(await setSplits(dir, splits), 1);
  assert.equal(
    await read(dir),
    [lines[0], lines[1]?.replace('"test"', '"train"'), lines[2], lines[3]].join("\n"),
  );
});

test("a golden picture stays golden, and then nothing is written at all", async (context) => {
  const text =
    '{"file_name":"a.jpg","kind":"prop","name":"axe"}\n{"file_name":"b.jpg","kind":"prop","name":"axe","split":"golden"}\n';
  const dir = await folder(context, text);
  const splits = new Map([
    ["a.jpg", "train"],
    ["b.jpg", "train"],
  ] as const);
  await assert.rejects(setSplits(dir, splits), (error: Error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, /metadata\.jsonl:2: split: b\.jpg is golden/);
    return true;
  });
  assert.equal(await read(dir), text);
});

test("whatever columns somebody brought are there afterwards", async (context) => {
  const dir = await folder(context, "");
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue()), async (extra) => {
      const line = { ...extra, file_name: "a.jpg", kind: "prop", name: "axe" };
      for (const key of ["scene", "caption", "split", "objects"])
        delete (line as Record<string, unknown>)[key];
      await writeFile(join(dir, "metadata.jsonl"), JSON.stringify(line));
      assert.equal(await setSplits(dir, new Map([["a.jpg", "test"]])), 1);
      const written: unknown = JSON.parse(await read(dir));
      assert.deepEqual(written, JSON.parse(JSON.stringify({ ...line, split: "test" })));
    }),
    { numRuns: 60 },
  );
});
