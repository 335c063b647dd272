import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { glob, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";

const COMMITTED = "packages/schema/src/gen";

test("the generated code is what proto/ says", async (t) => {
  const fresh = await mkdtemp(join(tmpdir(), "followspot-generated-"));
  t.after(() => rm(fresh, { recursive: true, force: true }));
  await promisify(execFile)(process.execPath, ["scripts/generate.mjs", "--into", fresh]);
  const committed = await contents(COMMITTED);
  assert.ok(committed.size > 0);
  assert.deepEqual(await contents(fresh), committed, "run: npm run generate");
});

async function contents(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const file of glob("**/*.{js,d.ts}", { cwd: folder })) {
    found.set(file, await readFile(join(folder, file), "utf8"));
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
