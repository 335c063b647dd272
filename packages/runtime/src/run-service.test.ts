import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";

/** Starts the fixture service; `said` waits for a log message of it. */
function service(t: TestContext, mode: string, ipc = false) {
  const child: ChildProcess = spawn(
    process.execPath,
    [join(import.meta.dirname, "testdata/service.ts"), mode],
    {
      stdio: ["ignore", "ignore", "pipe", ...(ipc ? (["ipc"] as const) : [])],
    },
  );
  t.after(() => child.kill("SIGKILL"));
  const lines: string[] = [];
  const waiting = new Map<string, () => void>();
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
    const { msg } = JSON.parse(line) as { msg: string };
    lines.push(msg);
    waiting.get(msg)?.();
  });
  const said = (message: string) =>
    lines.includes(message)
      ? Promise.resolve()
      : new Promise<void>((resolve) => waiting.set(message, resolve));
  return { child, said, exit: once(child, "exit") as Promise<[number | null]> };
}

test("a service that is told to stop closes what it opened and ends with 0", async (t) => {
  const { child, said, exit } = service(t, "runs");
  await said("started");
  child.kill("SIGTERM");
  await said("stopped");
  assert.equal((await exit)[0], 0);
});

test("a stop while the service is still starting is heeded", async (t) => {
  const { child, said, exit } = service(t, "hangs-while-starting");
  await said("starting");
  child.kill("SIGTERM");
  await said("stopped");
  assert.equal((await exit)[0], 0);
});

test("a failure while running ends the service with 1", async (t) => {
  const { said, exit } = service(t, "fails-while-running");
  await said("failed");
  assert.equal((await exit)[0], 1);
});

test("bad input ends the service with 2", async (t) => {
  const { said, exit } = service(t, "bad-input");
  await said("cannot start");
  assert.equal((await exit)[0], 2);
});

test("a service whose parent is gone ends by itself", async (t) => {
  const { child, said, exit } = service(t, "runs", true);
  await said("started");
  child.disconnect();
  await said("stopped");
  assert.equal((await exit)[0], 0);
});
