import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { BenchReport, formatReport, runBench } from "../index.ts";

test("proposals reports recall on the scenes that it is given and on the sample show", async (context) => {
  const scenes = await mkdtemp(join(tmpdir(), "followspot-scenes-"));
  context.after(() => rm(scenes, { recursive: true, force: true }));
  await mkdir(join(scenes, "table"));
  const draw = (ground: string, figure: string) =>
    sharp(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="150"><rect width="200" height="150" fill="${ground}"/><rect x="30" y="30" width="60" height="80" fill="${figure}"/></svg>`,
      ),
    );
  await writeFile(join(scenes, "table", "img.jpg"), await draw("#776", "#c22").jpeg().toBuffer());
  await writeFile(join(scenes, "table", "mask0.png"), await draw("black", "white").png().toBuffer());

  const report = await runBench("proposals", { quick: true, seconds: 20, scenes });

  assert.ok(report.bench === "proposals");
  // What a file holds is what was measured.
  assert.deepEqual(BenchReport.parse(JSON.parse(JSON.stringify(report))), report);
  assert.deepEqual(Object.keys(report.sets), ["scenes", "stage"]);
  assert.deepEqual(Object.keys(report.sets.scenes?.byLabel ?? {}), ["table/mask0"]);
  const { stage } = report.sets;
  assert.ok(stage && stage.n > 0 && stage.recall.boxes > 0);
  for (const groups of [stage.byLabel, stage.bySide]) {
    const boxes = Object.values(groups).reduce((sum, group) => sum + group.boxes, 0);
    assert.equal(boxes, stage.recall.boxes);
  }
  const text = formatReport(report);
  for (const label of Object.keys(stage.byLabel)) assert.ok(text.includes(label));
});
