import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { announceSystem, findSystem, type RunningSystem } from "./running-system.ts";

async function showFolder(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-running-"));
  t.after(() => rm(dir, { recursive: true }));
  return dir;
}

function system(changes: Partial<RunningSystem> = {}): RunningSystem {
  return {
    pid: process.pid,
    startedAt: "2026-01-01T00:00:00.000Z",
    redisUrl: "redis://:secret@127.0.0.1:4604",
    console: "http://127.0.0.1:4600/",
    results: "http://127.0.0.1:4601",
    ingest: "http://127.0.0.1:4602",
    understudy: "grpc://127.0.0.1:4603",
    ...changes,
  };
}

test("a system that announces itself is found until it takes its leave", async (t) => {
  const dir = await showFolder(t);
  assert.equal(await findSystem(dir), undefined);
  const notice = await announceSystem(dir, system());
  assert.deepEqual(await findSystem(dir), system());
  await notice.close();
  assert.equal(await findSystem(dir), undefined);
});

test("only its own user can read where it is: the file holds a password", async (t) => {
  const dir = await showFolder(t);
  await announceSystem(dir, system());
  const { mode } = await stat(join(dir, ".followspot/running.json"));
  if (process.platform !== "win32") assert.equal(mode & 0o777, 0o600);
});

test("what a killed system has left behind does not count", async (t) => {
  const dir = await showFolder(t);
  const gone = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(gone, "exit");
  await announceSystem(dir, system({ pid: gone.pid ?? 1 }));
  assert.equal(await findSystem(dir), undefined);
});

test("a system that ends leaves the file of its successor alone", async (t) => {
  const dir = await showFolder(t);
  const first = await announceSystem(dir, system());
  await announceSystem(dir, system({ startedAt: "2026-01-01T00:00:01.000Z" }));
  await first.close();
  assert.equal((await findSystem(dir))?.startedAt, "2026-01-01T00:00:01.000Z");
});

test("a file that is something else is named, with what to do", async (t) => {
  const dir = await showFolder(t);
  await announceSystem(dir, system());
  for (const text of ["{", '{"pid": 1}', `[${"1,".repeat(20_000)}1]`]) {
    await writeFile(join(dir, ".followspot/running.json"), text);
    await assert.rejects(findSystem(dir), /running\.json is not what followspot up writes: delete it/);
  }
});
