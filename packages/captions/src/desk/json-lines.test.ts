import assert from "node:assert/strict";
import { appendFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { z } from "zod";
import { JsonLines } from "./json-lines.ts";

async function setUp(context: TestContext) {
  const dir = await mkdtemp(join(tmpdir(), "followspot-lines-"));
  context.after(() => rm(dir, { recursive: true }));
  const path = join(dir, "deeper/lines.jsonl");
  const lines = new JsonLines(path, z.object({ n: z.number(), text: z.string().optional() }));
  const numbers = async () => (await lines.read()).map(({ n }) => n);
  return { path, lines, numbers };
}

test("what was written is read, also what another process adds, and letters of any length", async (context) => {
  const { path, lines, numbers } = await setUp(context);
  assert.deepEqual(await numbers(), []);
  await Promise.all([lines.append([{ n: 1 }, { n: 2, text: "Größe 狼" }]), lines.append([{ n: 3 }])]);
  assert.deepEqual(await numbers(), [1, 2, 3]);
  assert.equal((await lines.read())[1]?.text, "Größe 狼");
  await appendFile(path, '{"n":4}\n');
  assert.deepEqual(await Promise.all([numbers(), numbers()]), [
    [1, 2, 3, 4],
    [1, 2, 3, 4],
  ]);
  assert.deepEqual(await numbers(), [1, 2, 3, 4]);
});

test("a line in the making is waited for; one that a crash cut off is passed by", async (context) => {
  const { path, lines, numbers } = await setUp(context);
  await lines.append([{ n: 1 }]);
  await appendFile(path, '{"n":');
  assert.deepEqual(await numbers(), [1]);
  await appendFile(path, "2}\n");
  assert.deepEqual(await numbers(), [1, 2]);
  await appendFile(path, '{"n":3');
  await lines.append([{ n: 4 }]);
  assert.deepEqual(await numbers(), [1, 2, 4]);
});

test("lines of another shape are passed by, and a file that was exchanged is read anew", async (context) => {
  const { path, lines, numbers } = await setUp(context);
  await lines.append([{ n: 1 }, { n: 2 }]);
  await appendFile(path, 'nonsense\n{"m":1}\n[]\n');
  assert.deepEqual(await numbers(), [1, 2]);
  await writeFile(path, '{"n":9}\n');
  assert.deepEqual(await numbers(), [9]);
});
