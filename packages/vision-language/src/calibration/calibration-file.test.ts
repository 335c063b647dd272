import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "@followspot/domain";
import {
  type Calibration,
  calibrationHash,
  type CalibrationWanted,
  readCalibration,
  writeCalibration,
} from "./calibration-file.ts";
import { ShowCalibrations } from "./show-calibrations.ts";

const dir = await mkdtemp(join(tmpdir(), "followspot-calibration-"));
after(() => rm(dir, { recursive: true }));

const calibration: Calibration = {
  version: 1,
  model: "w1",
  prompt: "p1",
  ask: "score",
  adapter: null,
  maxPixels: 301_056,
  global: { slope: 0.5, offset: -1 },
  labels: { fox: { slope: 0.25, offset: 0 } },
  unknown: { slope: 1, offset: 0 },
  accuracy: 0.5,
  dataset: "abc",
};

test("what is written is read again, under a name that its content gives it, and nothing half lies about", async () => {
  const file = await writeCalibration(join(dir, "models"), calibration);
  assert.deepEqual(await readCalibration(file), calibration);
  assert.deepEqual(await readdir(join(dir, "models")), [`calibration-${calibrationHash(calibration)}.json`]);
  assert.equal(await writeCalibration(join(dir, "models"), calibration), file);
});

const choose = (models: string, wanted: CalibrationWanted) =>
  new ShowCalibrations({ dir: models }).choose(wanted);

test("the newest that was fitted on this model, asked in this way, is found; another one is not", async () => {
  const models = join(dir, "several");
  const wanted = { model: "w1", prompt: "p1", ask: "score", adapter: null, maxPixels: 301_056 } as const;
  const older = await writeCalibration(models, calibration);
  await utimes(older, new Date(1_000), new Date(1_000));
  await writeCalibration(models, { ...calibration, accuracy: 0.75 });
  for (const change of [
    { model: "w2" },
    { prompt: "p2" },
    { ask: "list" },
    { adapter: "show" },
    { maxPixels: 100_352 },
  ] as const) {
    await writeCalibration(models, { ...calibration, ...change, accuracy: 1 });
  }
  assert.equal((await choose(models, wanted))?.accuracy, 0.75);
  assert.equal(await choose(models, { ...wanted, model: "w9" }), undefined);
  assert.equal(await choose(join(dir, "nowhere"), wanted), undefined);
});

test("of verify one counts that says beside which understudy it was measured", async () => {
  const models = join(dir, "verify");
  const verify = { ...calibration, ask: "verify" } as const;
  await writeCalibration(models, verify);
  assert.equal(await choose(models, verify), undefined);
  await writeCalibration(models, { ...verify, understudy: "u1" });
  assert.equal((await choose(models, verify))?.understudy, "u1");
});

test("among more files than are read, it is the oldest that are left out", async () => {
  const models = join(dir, "many");
  const newest = await writeCalibration(models, calibration);
  const others = Array.from({ length: 2_000 }, (_, number) => number.toString(16).padStart(12, "0"));
  const text = JSON.stringify({ ...calibration, model: "another" });
  for (const name of others) {
    const file = join(models, `calibration-${name}.json`);
    await writeFile(file, text);
    await utimes(file, new Date(1_000), new Date(1_000));
  }
  await utimes(newest, new Date(2_000), new Date(2_000));
  assert.equal((await choose(models, calibration))?.model, "w1");
});

test("a file that is none is refused, naming the field", async () => {
  const broken: readonly (readonly [text: string, sentence: RegExp])[] = [
    ["{", /is not JSON/],
    [JSON.stringify({ ...calibration, version: 2 }), /version/],
    [JSON.stringify({ ...calibration, global: { slope: -1, offset: 0 } }), /global\.slope/],
    [JSON.stringify({ ...calibration, extra: 1 }), /the whole: Unrecognized key: "extra"/],
  ];
  for (const [at, [text, sentence]] of broken.entries()) {
    const file = join(dir, `broken-${at}.json`);
    await writeFile(file, text);
    await assert.rejects(readCalibration(file), (error) => {
      assert.ok(error instanceof UserError && error.message.includes(file), String(error));
      assert.match(error.message, sentence);
      return true;
    });
  }
  await assert.rejects(readCalibration(join(dir, "nobody.json")), /there is no calibration file/);
});
