import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { announceSystem } from "@followspot/runtime";
import { ScriptedTriton } from "@followspot/testkit/scripted-triton";
import { describeReload, reloadUnderstudies } from "./reload-model.ts";

async function showWithServer(t: TestContext, version: string) {
  const triton = await ScriptedTriton.start({ models: [{ version }] });
  t.after(() => triton.close());
  const showDir = await mkdtemp(join(tmpdir(), "followspot-reload-"));
  t.after(() => rm(showDir, { recursive: true }));
  return { triton, showDir };
}

function announce(showDir: string, understudy: string) {
  const web = "http://127.0.0.1:1";
  const startedAt = new Date().toISOString();
  const places = { redisUrl: "redis://127.0.0.1:1", console: web, results: web, ingest: web, understudy };
  return announceSystem(showDir, { pid: process.pid, startedAt, ...places });
}

test("where nothing runs, nothing is reloaded, and the sentence says so", async (t) => {
  const { showDir } = await showWithServer(t, "new");
  const reloaded = await reloadUnderstudies({ showDir, version: "new" });
  assert.deepEqual(reloaded, []);
  assert.match(describeReload(reloaded), /nothing runs this show now/);
});

test("the running system and the servers that are named are reloaded, each once", async (t) => {
  const { triton, showDir } = await showWithServer(t, "new");
  await announce(showDir, triton.address);
  const reloaded = await reloadUnderstudies({ showDir, version: "new", servers: [triton.address] });
  assert.deepEqual(reloaded, [{ address: triton.address, inForce: true, version: "new" }]);
});

test("a server that reads another folder is found out by the version it goes on with", async (t) => {
  const { triton, showDir } = await showWithServer(t, "old");
  const reloaded = await reloadUnderstudies({ showDir, version: "new", servers: [triton.address] });
  assert.deepEqual(reloaded, [{ address: triton.address, inForce: false, version: "old" }]);
  assert.match(describeReload(reloaded), /reads another models folder and goes on with model old/);
});

test("a server that is away is an error that says so", async (t) => {
  const { triton, showDir } = await showWithServer(t, "new");
  await triton.stop();
  await assert.rejects(
    reloadUnderstudies({
      showDir,
      version: "new",
      servers: [triton.address],
      signal: AbortSignal.timeout(300),
    }),
    /canceled|unavailable/,
  );
});
