import assert from "node:assert/strict";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { until, withoutRedis } from "@followspot/testkit";
import { basePort, followspot, hasSaid, isFree, PORTS_NEEDED } from "./run-followspot.ts";

const SAMPLE_SHOW = "shows/little-red-riding-hood";

/** A copy of the sample show, so that a test leaves nothing in the project. */
async function copyOfSampleShow(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-up-"));
  t.after(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await cp(join(SAMPLE_SHOW, "show.yaml"), join(dir, "show.yaml"));
  await cp(join(SAMPLE_SHOW, "models"), join(dir, "models"), { recursive: true });
  return dir;
}

test("up --once --json starts everything, waits for the first event, and stops cleanly", {
  skip: withoutRedis,
}, async (t) => {
  const dir = await copyOfSampleShow(t);
  const port = await basePort();
  const run = followspot(t, ["up", "--show", dir, "--port", String(port), "--once", "--json"]);
  assert.equal(await run.ended, 0, run.errors());
  const report = JSON.parse(run.output()) as {
    secondsToFirstEvent: number;
    addresses: { console: string };
    event: { label: string };
  };
  assert.ok(report.secondsToFirstEvent > 0);
  assert.equal(report.addresses.console, `http://127.0.0.1:${port}/`);
  assert.match(report.event.label, /^[a-z]/);
  assert.ok(await isFree(port + 4), "Redis is still there");
});

test("Ctrl-C ends everything, and nothing stays behind", { skip: withoutRedis }, async (t) => {
  const dir = await copyOfSampleShow(t);
  const port = await basePort();
  const run = followspot(t, ["up", "--show", dir, "--port", String(port)]);
  await hasSaid(run, `http://127.0.0.1:${port}/`);
  const page = await fetch(`http://127.0.0.1:${port}/`);
  assert.equal(page.status, 200);
  await page.text();
  run.child.kill("SIGINT");
  assert.equal(await run.ended, 0, run.errors());
  for (let offset = 0; offset < PORTS_NEEDED; offset += 1)
    assert.ok(await isFree(port + offset), `port ${port + offset}`);
});

test("a system that is killed takes all its processes with it", { skip: withoutRedis }, async (t) => {
  const dir = await copyOfSampleShow(t);
  const port = await basePort();
  const run = followspot(t, ["up", "--show", dir, "--port", String(port)]);
  await hasSaid(run, "Watch the stage");
  run.child.kill("SIGKILL");
  for (let offset = 0; offset < PORTS_NEEDED; offset += 1) {
    await until(`port ${port + offset} is free again`, () => isFree(port + offset), 40_000);
  }
});

test("a taken port is named, with the option that changes it", { skip: withoutRedis }, async (t) => {
  const dir = await copyOfSampleShow(t);
  const port = await basePort();
  const other = createServer().listen(port + 1, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  const run = followspot(t, ["up", "--show", dir, "--port", String(port)]);
  assert.equal(await run.ended, 2);
  assert.match(run.errors(), new RegExp(`port ${port + 1} \\(results\\) is taken .*--port`));
});

test("a mistake in show.yaml ends up with file and line, without a stack trace", async (t) => {
  const run = followspot(t, ["up", "--show", "test/end-to-end/testdata/broken-show"]);
  assert.equal(await run.ended, 2);
  assert.match(run.errors(), /broken-show\/show\.yaml:7: unknown key "colour"; allowed here: id, kind/);
  assert.doesNotMatch(run.errors(), /\n\s+at /);
});
