import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { loadCurrentModel, NoModel, storeModel } from "./model-store.ts";
import { smallModel } from "./testdata/small-model.ts";

async function folder(context: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-models-"));
  context.after(() => rm(dir, { recursive: true }));
  return dir;
}

test("a stored model is the one in force, and nothing half written is left", async (context) => {
  const dir = await folder(context);
  await assert.rejects(loadCurrentModel(dir), NoModel);
  const { version } = await storeModel(dir, smallModel());
  assert.equal((await loadCurrentModel(dir)).version, version);
  assert.deepEqual((await readdir(dir)).sort(), [
    "current.json",
    "history.jsonl",
    `understudy-${version}.fsm`,
  ]);
});

test("a newer model takes over, the older stays to go back to", async (context) => {
  const dir = await folder(context);
  const first = await storeModel(dir, smallModel());
  const second = await storeModel(dir, { ...smallModel(), seed: 2 });
  assert.notEqual(first.version, second.version);
  assert.equal((await loadCurrentModel(dir)).version, second.version);
  assert.equal((await readdir(dir)).filter((name) => name.endsWith(".fsm")).length, 2);
});

test("a damaged model and a damaged pointer are refused with the file's name", async (context) => {
  const dir = await folder(context);
  const { path } = await storeModel(dir, smallModel());
  await writeFile(path, (await readFile(path)).subarray(0, 100));
  await assert.rejects(loadCurrentModel(dir), /understudy-.*\.fsm: the model file is damaged/);
  await writeFile(join(dir, "current.json"), '{"file":"../../etc/passwd","version":"000000000000"}');
  await assert.rejects(loadCurrentModel(dir), /current\.json: file: must be the name of an understudy model/);
});

test("a model of other networks, or of one that is not there, is refused in one sentence", async (context) => {
  const dir = await mkdtemp(join(tmpdir(), "followspot-models-"));
  context.after(() => rm(dir, { recursive: true }));
  await assert.rejects(
    storeModel(dir, { ...smallModel(), backbone: "0123456789ab" }),
    /other networks.*followspot train$/,
  );
  await assert.rejects(
    storeModel(dir, { ...smallModel(), backbone: "onnx-0123456789ab" }),
    /backbone-0123456789ab\.onnx: there is no such network file.*--backbone FILE$/,
  );
});
