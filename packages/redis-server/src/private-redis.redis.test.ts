import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { UserError } from "@followspot/domain";
import { Redis } from "ioredis";
import { findRedisBinary } from "./find-binary.ts";
import { PrivateRedis } from "./private-redis.ts";

const skip = findRedisBinary() || process.env.CI ? false : "no redis-server or valkey-server is installed";

async function ask<T>(url: string, question: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, { retryStrategy: () => null, lazyConnect: true });
  client.on("error", () => {});
  try {
    await client.connect();
    return await question(client);
  } finally {
    client.disconnect();
  }
}

test("a private server asks for its password and listens on loopback only", { skip }, async (t) => {
  const server = await PrivateRedis.start();
  t.after(() => server.close());
  await assert.rejects(
    ask(`redis://127.0.0.1:${server.port}`, (client) => client.get("x")),
    /NOAUTH|closed/,
  );
  assert.equal(await ask(server.url, (client) => client.set("x", "1")), "OK");
  assert.match(String(await ask(server.url, (client) => client.config("GET", "bind"))), /127\.0\.0\.1/);
});

test("what was acknowledged is there again after a crash, where a data folder is given", {
  skip,
}, async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), "followspot-test-"));
  t.after(() => rm(dataDir, { recursive: true, force: true }));
  const server = await PrivateRedis.start({ dataDir, syncEachWrite: true });
  t.after(() => server.close());
  await ask(server.url, (client) => client.set("kept", "yes"));
  await server.kill();
  await server.restart();
  assert.equal(await ask(server.url, (client) => client.get("kept")), "yes");
});

test("a taken port is named, and nothing stays behind", { skip }, async (t) => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const { port } = other.address() as AddressInfo;
  await assert.rejects(PrivateRedis.start({ port }), (error) => {
    assert.ok(error instanceof UserError);
    assert.match(error.message, new RegExp(`port ${port} is taken`));
    return true;
  });
});

test("close ends a server that hangs, and can be called twice", { skip }, async () => {
  const server = await PrivateRedis.start();
  server.pause();
  await server.close();
  await server.close();
  await server.exited();
});

test("the server ends with the process that started it, also when that is killed", { skip }, async () => {
  const owner = spawn(process.execPath, [join(import.meta.dirname, "testdata/owner.ts")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(owner.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  assert.ok(isRunning(pid));
  owner.kill("SIGKILL");
  await once(owner, "exit");
  const deadline = performance.now() + 5_000;
  while (isRunning(pid) && performance.now() < deadline)
    await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isRunning(pid), false);
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
