import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { storeModel } from "@followspot/recognition";
import { Metrics } from "@followspot/runtime";
import { silentLog } from "@followspot/testkit";
import { ModelRepository } from "./model-repository.ts";
import { CLOSING } from "./pool-thread.ts";
import { RecognizerPool } from "./recognizer-pool.ts";
import { trainRedAndWolf } from "./testdata/red-and-wolf.ts";

test("a model that is being loaded when the understudy is stopped is not called refused", async (context) => {
  const modelsDir = await mkdtemp(join(tmpdir(), "followspot-understudy-"));
  context.after(() => rm(modelsDir, { recursive: true }));
  await storeModel(modelsDir, await trainRedAndWolf());
  const log = silentLog();
  const errors = context.mock.method(log, "error");
  const pool = new RecognizerPool({ threads: 1, maxWaiting: 1, log, metrics: new Metrics("understudy") });
  const repository = new ModelRepository({ modelsDir, pool, log });
  const load = repository.load();
  await pool.close();
  await assert.rejects(load, CLOSING);
  assert.equal(errors.mock.callCount(), 0);
});
