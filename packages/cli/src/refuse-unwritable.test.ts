import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import { refuseUnwritable } from "./refuse-unwritable.ts";

test("whether a file can be written is found out without leaving one, or changing the one that is there", async (t) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-unwritable-"));
  t.after(() => rm(dir, { recursive: true }));
  await writeFile(join(dir, "old.html"), "of the last run");
  await refuseUnwritable("--html", join(dir, "old.html"));
  await refuseUnwritable("--html", join(dir, "new.html"));
  assert.deepEqual(await readdir(dir), ["old.html"]);
  assert.equal(await readFile(join(dir, "old.html"), "utf8"), "of the last run");
});

test("a file in a folder that is not there, and a folder, are refused by option and name", async () => {
  for (const file of [join(tmpdir(), "no-such-folder", "new.html"), tmpdir()]) {
    await assert.rejects(refuseUnwritable("--html", file), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /^--html: .* cannot be written \((ENOENT|EISDIR)\)/);
      return true;
    });
  }
});
