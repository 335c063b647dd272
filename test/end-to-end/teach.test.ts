import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { appendPictures } from "@followspot/dataset";
import { SeededRandom } from "@followspot/domain";
import { findSystem } from "@followspot/runtime";
import { withoutRedis } from "@followspot/testkit";
import { parseScores, scoresRequest, TritonClient } from "@followspot/triton";
import sharp from "sharp";
import { drawStage as drawCast } from "../../packages/recognition/src/testdata/painted-samples.ts";
import { drawStage, HEIGHT, type Newcomer, WIDTH } from "../../packages/teaching/src/testdata/newcomer.ts";
import { basePort, followspot, hasSaid } from "./run-followspot.ts";

const SHOW = `id: teaching
name: A show that gets a newcomer
cast:
  - id: red
    kind: character
    name: Red
  - id: wolf
    kind: character
    name: Wolf # the other one

cameras:
  - id: table
    source: "push:"
    fps: 20
    floorFps: 20
`;

async function newShow(t: TestContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "followspot-teach-"));
  t.after(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await writeFile(join(dir, "show.yaml"), SHOW);
  const random = new SeededRandom(5);
  const additions = [];
  for (const scene of ["wall", "table", "garden"]) {
    for (const label of ["red", "wolf", "red", "wolf"]) {
      const { picture, truth } = drawCast([label], random, scene);
      additions.push({
        bytes: await toJpeg(picture),
        suggestedName: `${scene}/${label}`,
        kind: "character" as const,
        label,
        scene,
        objects: truth,
      });
    }
  }
  await appendPictures(join(dir, "dataset"), additions);
  return dir;
}

function toJpeg({ rgb, width, height }: { rgb: Uint8Array; width: number; height: number }): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 92 })
    .toBuffer();
}

/** Shows the camera whatever `what` says, again and again, as a camera does. */
async function show(ingest: string, what: () => readonly Newcomer[], until: AbortSignal): Promise<void> {
  for (let seed = 1; !until.aborted; seed++) {
    const body = await toJpeg(drawStage(what(), { seed }));
    await fetch(`${ingest}/cameras/table/frames`, { method: "POST", body: new Uint8Array(body) }).catch(
      () => {},
    );
  }
}

test("a newcomer that is turned before a camera is known to the running understudy a moment later", {
  skip: withoutRedis,
}, async (t) => {
  const dir = await newShow(t);
  const up = followspot(t, ["up", "--show", dir, "--port", String(await basePort())]);
  await hasSaid(up, "Watch the stage");
  const system = await findSystem(dir);
  assert.ok(system, "up has said where it is");

  const client = await TritonClient.connect({ address: system.understudy });
  t.after(() => client.close());
  const versionInForce = async () => (await client.modelConfig("understudy")).parameters.version?.stringValue;
  const before = await versionInForce();

  let turn = 0;
  let onStage: () => readonly Newcomer[] = () => [];
  const over = new AbortController();
  const shown = show(system.ingest, () => onStage(), over.signal);
  const teach = followspot(t, [
    "teach",
    "fox",
    "--show",
    dir,
    "--camera",
    "table",
    "--pictures",
    "6",
    "--seconds",
    "120",
    "--caption",
    "a fox in many colours",
    "--add-to-cast",
    "--json",
  ]);
  await hasSaid(teach, "now show fox");
  onStage = () => {
    turn += 0.35;
    return [{ x: 150 + 20 * Math.sin(turn), y: HEIGHT * 0.9, tall: 100 + 15 * Math.cos(turn), turned: turn }];
  };
  assert.equal(await teach.ended, 0, teach.errors());
  over.abort();
  await shown;

  const report = JSON.parse(teach.output()) as {
    version: string;
    files: string[];
    scene: string;
    reloaded: { inForce: boolean }[];
    confusions: { tested: number };
  };
  assert.notEqual(report.version, before);
  assert.equal(await versionInForce(), report.version);
  assert.equal(report.reloaded[0]?.inForce, true);
  assert.equal(report.files.length, 7, "six of the fox and one of the empty stage");
  assert.match(report.scene, /^teach-\d{4}-\d\d-\d\d-table$/);
  assert.equal(report.confusions.tested, 2);
  assert.match(teach.errors(), /of 2 pictures kept aside/);

  const yaml = await readFile(join(dir, "show.yaml"), "utf8");
  assert.ok(yaml.includes("name: Wolf # the other one\n  - id: fox\n"), yaml);

  // In another place, from another side than the last picture.
  const jpeg = await toJpeg(
    drawStage([{ x: WIDTH * 0.7, y: HEIGHT * 0.85, tall: 105, turned: 1.2 }], {
      wall: [120, 150, 160],
      seed: 77,
    }),
  );
  const answer = parseScores(
    await client.infer(scoresRequest({ model: "understudy", id: "after", jpeg }), { deadlineMs: 60_000 }),
  );
  const ranked = answer.labels.toSorted((a, b) => b.score - a.score).map(({ label }) => label);
  assert.equal(ranked[0], "fox", JSON.stringify(answer.labels));
  up.child.kill("SIGINT");
  assert.equal(await up.ended, 0, up.errors());
  assert.equal(await findSystem(dir), undefined, "nothing is said to run any more");
});

test("teach says what is missing: a running system, a camera, a name", async (t) => {
  const dir = await newShow(t);
  for (const [args, message] of [
    [["fox", "--show", dir], /nothing runs .* start it with followspot up --show/],
    [["fox", "--show", dir, "--camera", "stage"], /there is no camera "stage": the show has table/],
    [["The Fox", "--show", dir], /cannot be an id/],
    [["red", "--show", dir, "--kind", "prop"], /red is a character in .*show\.yaml, not a prop/],
  ] as const) {
    const run = followspot(t, ["teach", ...args]);
    assert.equal(await run.ended, 2, run.errors());
    assert.match(run.errors(), message);
  }
});
