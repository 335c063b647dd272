import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { glob, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { pythonForTests, tritonForTests, until } from "@followspot/testkit";
import { STAND_IN_MODELS } from "./stand-in-models.ts";
import { TritonServer } from "./triton-server.ts";

const { python, skip } = await pythonForTests("server");

async function sharedMemory(): Promise<readonly string[]> {
  return Array.from(await collect(glob("/dev/shm/followspot_triton_*")));
}

async function collect(files: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const file of files) all.push(file);
  return all;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("the server listens on loopback, tells its metrics and what it wrote, and closing twice leaves nothing", {
  skip,
}, async (t) => {
  assert.ok(python);
  const lines: string[] = [];
  const server = await tritonForTests(
    { repositories: [STAND_IN_MODELS], models: ["scores"], stub: python, log: (line) => lines.push(line) },
    t,
  );
  assert.match(server.address, /^grpc:\/\/127\.0\.0\.1:\d+$/);
  const ready = await fetch(`${server.httpAddress}/v2/models/scores/ready`);
  assert.equal(ready.status, 200);
  const metrics = await (await fetch(server.metricsAddress)).text();
  assert.match(metrics, /nv_inference_request_success\{model="scores"/);
  assert.match(server.output, /Started GRPCInferenceService at 127\.0\.0\.1/);
  assert.ok(lines.some((line) => line.includes("successfully loaded 'scores'")));
  const { pid } = server;
  await server.close();
  await server.close();
  assert.ok(pid !== undefined && !isRunning(pid));
  assert.equal(server.running, false);
});

test("a model that cannot be loaded ends the start with its own words, unless it may be missing", {
  skip,
}, async (t) => {
  assert.ok(python);
  const repository = await mkdtemp(join(tmpdir(), "followspot-test-"));
  t.after(() => rm(repository, { recursive: true, force: true }));
  await mkdir(join(repository, "broken/1"), { recursive: true });
  await writeFile(join(repository, "broken/config.pbtxt"), 'backend: "python"\n');
  await writeFile(join(repository, "broken/1/model.py"), 'raise RuntimeError("the weights are gone")\n');
  const options = { repositories: [repository, STAND_IN_MODELS], models: ["broken", "scores"], stub: python };
  await assert.rejects(TritonServer.start(options), /the weights are gone/);
  const server = await tritonForTests({ ...options, failWithModel: false }, t);
  assert.equal((await fetch(`${server.httpAddress}/v2/models/scores/ready`)).status, 200);
  assert.notEqual((await fetch(`${server.httpAddress}/v2/models/broken/ready`)).status, 200);
});

test("the server ends with the process that started it, also when that is killed, and its memory with it", {
  skip,
}, async () => {
  const before = await sharedMemory();
  const owner = spawn(process.execPath, [join(import.meta.dirname, "testdata/owner.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(owner.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  assert.ok(isRunning(pid));
  const own = (await sharedMemory()).filter((file) => !before.includes(file));
  assert.ok(own.length > 0, "it has shared memory with its stub");
  owner.kill("SIGKILL");
  await once(owner, "exit");
  await until("the server is gone", () => !isRunning(pid));
  await until("its shared memory is gone", async () => {
    const left = await sharedMemory();
    return own.every((file) => !left.includes(file));
  });
});
