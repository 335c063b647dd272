import assert from "node:assert/strict";
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { silentLog, until } from "@followspot/testkit";
import { frameOf, observe, paintStage, type Seen } from "../testdata/observed-frames.ts";
import { FrameKeeper, type FrameKeeperOptions } from "./frame-keeper.ts";
import { type KeptFrame, parseKeptLine } from "./kept-frame.ts";
import { showDay } from "./show-day.ts";

const NOON = new Date(2026, 4, 2, 12).getTime();

async function setUp(context: TestContext, options: Partial<FrameKeeperOptions> = {}) {
  const dir = await mkdtemp(join(tmpdir(), "followspot-review-"));
  context.after(() => rm(dir, { recursive: true }));
  const outcomes: string[] = [];
  const open = () => {
    const keeper = new FrameKeeper({
      dir,
      showId: "test-show",
      log: silentLog(),
      randomShare: 0,
      onKept: (reason) => outcomes.push(reason),
      onNotKept: (reason) => outcomes.push(reason),
      ...options,
    });
    context.after(() => keeper.close());
    return keeper;
  };
  const lines = async (): Promise<KeptFrame[]> => {
    const text = await readFile(join(dir, showDay(NOON), "kept.jsonl"), "utf8");
    return text.split("\n").flatMap((line) => parseKeptLine(line) ?? []);
  };
  const settled = (count: number) => until(`${count} outcomes`, () => outcomes.length >= count);
  return { dir, outcomes, keeper: open(), open, lines, settled };
}

const unsure = (atMs: number, more: Partial<Seen> = {}) =>
  observe({ scores: { wolf: 0.52 }, box: { left: 20, top: 10, right: 200, bottom: 170 }, atMs, ...more });

test("an unsure frame is kept with its picture and everything that was said of it", async (context) => {
  const { dir, keeper, outcomes, lines, settled } = await setUp(context);
  const jpeg = await paintStage(1);
  const observation = unsure(NOON);
  keeper.offer(frameOf(jpeg, observation), observation);
  keeper.offer(frameOf(jpeg, observation), observe({ scores: { wolf: 0.99 }, atMs: NOON + 100 }));
  await settled(1);
  const [kept] = await lines();
  assert.ok(kept);
  assert.deepEqual(outcomes, ["near-threshold"]);
  assert.deepEqual([kept.guess, kept.camera, kept.show], ["wolf", "stage", "test-show"]);
  assert.deepEqual(kept.box, { left: 20, top: 10, width: 180, height: 160 });
  assert.equal(kept.recognizer.version, "0123456789ab");
  assert.deepEqual(await readFile(join(dir, "2026-05-02", kept.file)), Buffer.from(jpeg));
});

test("near-duplicates are not kept twice, not even after a restart or of a cut-off line", async (context) => {
  const { dir, keeper, open, outcomes, lines, settled } = await setUp(context);
  const observation = unsure(NOON);
  const [one, other] = [await paintStage(1), await paintStage(2)];
  keeper.offer(frameOf(one, observation), observation);
  keeper.offer(frameOf(one, observation), unsure(NOON + 30_000));
  await settled(2);
  await keeper.close();
  await appendFile(join(dir, "2026-05-02", "kept.jsonl"), '{"id":"cut');
  const next = open();
  next.offer(frameOf(one, observation), unsure(NOON + 60_000));
  next.offer(frameOf(other, observation), unsure(NOON + 90_000));
  await settled(4);
  assert.deepEqual(outcomes, ["near-threshold", "duplicate", "duplicate", "near-threshold"]);
  assert.equal((await lines()).length, 2);
});

test("quotas hold across a restart", async (context) => {
  const { keeper, open, outcomes, settled } = await setUp(context, { limits: { perShow: 1 } });
  const observation = unsure(NOON);
  keeper.offer(frameOf(await paintStage(1), observation), observation);
  await settled(1);
  await keeper.close();
  open().offer(frameOf(await paintStage(2), observation), unsure(NOON + 60_000));
  await settled(2);
  assert.deepEqual(outcomes, ["near-threshold", "quota-show"]);
});

test("what comes faster than the disk takes it is dropped, never queued without end", async (context) => {
  const { keeper, outcomes, settled } = await setUp(context);
  const jpeg = await paintStage(1);
  for (let at = 0; at < 50; at++) {
    const observation = unsure(NOON + at * 1_000);
    keeper.offer(frameOf(jpeg, observation), observation);
  }
  assert.equal(outcomes.filter((outcome) => outcome === "busy").length, 46);
  await settled(50);
});

test("a disk that cannot be written is said once, counted each time, and harms nobody", async (context) => {
  const warnings: unknown[] = [];
  const log = silentLog();
  log.warn = ((fact: unknown) => warnings.push(fact)) as typeof log.warn;
  const file = join(tmpdir(), `followspot-no-folder-${process.pid}`);
  await writeFile(file, "a file where a folder should be");
  context.after(() => rm(file));
  const { keeper, outcomes, settled } = await setUp(context, { dir: file, log });
  const observation = unsure(NOON);
  for (let at = 0; at < 3; at++) {
    keeper.offer(frameOf(await paintStage(at), observation), unsure(NOON + at * 20_000));
    await settled(at + 1);
  }
  assert.deepEqual(outcomes, ["disk", "disk", "disk"]);
  assert.equal(warnings.length, 1);
});

test("bytes that are no picture are counted and not kept", async (context) => {
  const { dir, keeper, outcomes, settled } = await setUp(context);
  const observation = unsure(NOON);
  keeper.offer(frameOf(Buffer.from("no picture"), observation), observation);
  await settled(1);
  assert.deepEqual(outcomes, ["undecodable"]);
  assert.deepEqual(await readdir(join(dir, "2026-05-02")), []);
});

test("a camera whose name is no id never becomes a path", async (context) => {
  const { dir, keeper, outcomes } = await setUp(context);
  const observation = unsure(NOON, { cameraId: "../../etc" });
  keeper.offer(frameOf(await paintStage(1), observation), observation);
  await keeper.close();
  assert.deepEqual([outcomes, await readdir(dir)], [[], []]);
});

test("closing waits for what is on its way", async (context) => {
  const { keeper, outcomes, lines, settled } = await setUp(context);
  // The first frame loads the decoder, which may take longer than closing waits.
  keeper.offer(frameOf(await paintStage(1), unsure(NOON)), unsure(NOON));
  await settled(1);
  keeper.offer(frameOf(await paintStage(2), unsure(NOON)), unsure(NOON + 20_000));
  await keeper.close();
  assert.deepEqual(outcomes, ["near-threshold", "near-threshold"]);
  assert.equal((await lines()).length, 2);
});

test("loading the keeper loads neither the decoder nor the recognizer", async () => {
  const { execFileSync } = await import("node:child_process");
  const script = `await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
    const loaded = process.report.getReport().sharedObjects.filter((path) => /sharp|vips/.test(path));
    process.stdout.write(String(loaded.length));`;
  assert.equal(
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" }),
    "0",
  );
});
