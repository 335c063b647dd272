import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { UserError } from "@followspot/domain";
import { type Calibration, calibrationHash, writeCalibration } from "./calibration-file.ts";
import { ShowCalibrations } from "./show-calibrations.ts";

const calibration: Calibration = {
  version: 1,
  model: "w1",
  prompt: "p1",
  ask: "score",
  adapter: null,
  maxPixels: 301_056,
  global: { slope: 0.5, offset: -1 },
  labels: {},
  unknown: { slope: 1, offset: 0 },
  accuracy: 0.5,
  dataset: "abc",
};
const newer = { ...calibration, accuracy: 0.75 };
/** The show starts at second 10. */
const STARTED_AT_MS = 10_000;

async function setUp(t: TestContext, startedAtMs: number | undefined = STARTED_AT_MS) {
  const dir = await mkdtemp(join(tmpdir(), "followspot-show-calibrations-"));
  t.after(() => rm(dir, { recursive: true, force: true }));
  const write = async (content: Calibration, second: number) => {
    const file = await writeCalibration(dir, content);
    await utimes(file, new Date(second * 1_000), new Date(second * 1_000));
    return file;
  };
  return { dir, write, calibrations: new ShowCalibrations({ dir, startedAtMs }) };
}

test("what is written during the show waits for its next start, however often the model comes and goes", async (t) => {
  const { dir, write, calibrations } = await setUp(t);
  await write(calibration, 9);
  assert.equal((await calibrations.choose(calibration))?.accuracy, 0.5);
  assert.equal(await calibrations.waiting(calibration), undefined);
  await write(newer, 11);
  assert.equal((await calibrations.choose(calibration))?.accuracy, 0.5);
  const waits = `calibration-${calibrationHash(newer)}.json waits: it counts from the show's next start`;
  assert.equal(await calibrations.waiting(calibration), waits);
  // A worker that is started again in the same show chooses the same, one of the next show does not.
  const again = new ShowCalibrations({ dir, startedAtMs: STARTED_AT_MS });
  assert.equal((await again.choose(calibration))?.accuracy, 0.5);
  const next = new ShowCalibrations({ dir, startedAtMs: 12_000 });
  assert.equal((await next.choose(calibration))?.accuracy, 0.75);
  assert.equal(await next.waiting(calibration), undefined);
});

test("a model that had none when the show started has none until its next start", async (t) => {
  const { write, calibrations } = await setUp(t);
  assert.equal(await calibrations.waiting(calibration), undefined, "nobody has asked for any yet");
  assert.equal(await calibrations.choose(calibration), undefined);
  await write(calibration, 11);
  assert.equal(await calibrations.choose(calibration), undefined);
  assert.match((await calibrations.waiting(calibration)) ?? "", /waits/);
  assert.equal(await calibrations.choose({ ...calibration, model: "w2" }), undefined);
  assert.equal(
    await calibrations.waiting({ ...calibration, model: "w2" }),
    undefined,
    "it is for another model",
  );
});

test("a file that is spoilt or taken away leaves the one in force, and is told", async (t) => {
  const { dir, write, calibrations } = await setUp(t);
  const file = await write(calibration, 9);
  await calibrations.choose(calibration);
  const half = join(dir, "calibration-0123456789ab.json");
  await writeFile(half, '{"version": 1, "mod');
  assert.equal(
    await calibrations.waiting(calibration),
    `${half} is not JSON; the calibration in force stays`,
  );
  await rm(half);
  assert.equal(await calibrations.waiting(calibration), undefined);
  await writeFile(file, "spoilt");
  assert.equal((await calibrations.choose(calibration))?.accuracy, 0.5);
  await rm(file);
  assert.match((await calibrations.waiting(calibration)) ?? "", /is not among the show's models any more/);
  assert.equal((await calibrations.choose(calibration))?.accuracy, 0.5);
});

test("a spoilt file of before the start is a mistake, and without a start every file counts", async (t) => {
  const { dir, write, calibrations } = await setUp(t);
  const file = await write(calibration, 9);
  await writeFile(file, "spoilt");
  await utimes(file, new Date(9_000), new Date(9_000));
  await assert.rejects(calibrations.choose(calibration), UserError);
  await write(calibration, 9);
  await write(newer, 99);
  assert.equal((await calibrations.choose(calibration))?.accuracy, 0.5, "a mistake is not what was chosen");
  assert.equal((await new ShowCalibrations({ dir }).choose(calibration))?.accuracy, 0.75);
});
