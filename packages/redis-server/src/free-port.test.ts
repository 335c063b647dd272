import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "node:test";
import { promisify } from "node:util";
import { freePort } from "./free-port.ts";

/** Linux gives the ports above to connections; other systems begin later. */
const FIRST_THAT_SYSTEMS_GIVE = 32_768;

test("a free port is one that no system gives to a connection before it is used, and none is given twice in a row", async () => {
  const ports: number[] = [];
  for (let port = 0; port < 20; port++) ports.push(await freePort());
  assert.ok(ports.every((port) => port < FIRST_THAT_SYSTEMS_GIVE));
  assert.equal(new Set(ports).size, ports.length);
});

test("processes that ask at the same time are given different ports", async () => {
  const script = `
    const { freePort } = await import(${JSON.stringify(import.meta.resolve("./free-port.ts"))});
    console.log(await freePort());
  `;
  const run = () => promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  const answers = await Promise.all(Array.from({ length: 4 }, run));
  const ports = answers.map(({ stdout }) => Number(stdout));
  assert.ok(ports.every((port) => port > 0));
  assert.equal(new Set(ports).size, ports.length);
});

test("a port that somebody listens on is passed over", async (t) => {
  const taken = await freePort();
  const other = createServer().listen(taken, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  for (let round = 0; round < 40; round++) assert.notEqual(await freePort(), taken);
});
