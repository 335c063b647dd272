import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import { findPictures } from "./pictures-to-look-at.ts";

test("pictures are found in the folders within, in the order of their names, spread where there are too many", async (context) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-pictures-"));
  context.after(() => rm(dir, { recursive: true, force: true }));
  await assert.rejects(findPictures(dir, 10), UserError);
  await mkdir(join(dir, "deep", "er"), { recursive: true });
  for (const name of ["b.jpg", "deep/a.PNG", "deep/er/c.webp", "deep/er/d.jpeg", "notes.txt"]) {
    await writeFile(join(dir, name), "");
  }
  const all = ["b.jpg", "deep/a.PNG", "deep/er/c.webp", "deep/er/d.jpeg"].map((name) => join(dir, name));
  assert.deepEqual(
    (await findPictures(dir, 10)).map(({ file }) => file),
    all,
  );
  assert.deepEqual(
    (await findPictures(dir, 2)).map(({ file }) => file),
    [all[0], all[2]],
  );
  await assert.rejects(findPictures(join(dir, "not-there"), 10), UserError);
});
