import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { readShow } from "@followspot/show";
import { pythonForTests, tritonForTests } from "@followspot/testkit";
import { openWriter } from "../models/open-writer.ts";
import { planPrompts } from "../prompts/plan-prompts.ts";
import { captionShow, readMetadata } from "../testdata/caption-show.ts";
import { CaptionDesk } from "./caption-desk.ts";
import { openRoom } from "./caption-room.ts";
import { draftCaptions } from "./draft-captions.ts";

// A real tritonserver whose model speaks the vLLM backend's tensors and keeps to the schema, but says always the same.
const REPOSITORY = fileURLToPath(new URL("../../../triton-server/testdata/models", import.meta.url));
const FILES = ["red-01.jpg", "wolf-01.jpg", "axe-01.jpg", "group-garden-1.jpg"];
const environment = await pythonForTests("server");

test("through a real server drafts come, a person decides, and the old caption is kept", {
  skip: environment.skip,
}, async (context) => {
  if (!environment.python) return;
  const server = await tritonForTests(
    { repositories: [REPOSITORY], models: ["vllm"], stub: environment.python },
    context,
  );
  const dir = await captionShow(context, { files: FILES, captioned: ["wolf-01.jpg"] });
  const datasetDir = join(dir, "dataset");
  const show = await readShow(dir);
  const room = await openRoom(datasetDir, { show });
  const model = await openWriter({ address: server.address, model: "vllm" }, { option: "--vision" });
  context.after(() => model.close());
  assert.ok(model.constrained);
  assert.equal(model.contextTokens, 8_192);
  const plan = planPrompts({ show, bible: undefined, tidyModel: model });
  const before = await readMetadata(dir);

  const report = await draftCaptions({
    datasetDir,
    room,
    look: { model, system: plan.look },
    tidy: { model, system: plan.tidy },
    cast: show.cast,
    family: show.recognizer.family,
    maxPixels: show.recognizer.maxPixels,
    deadlineMs: 20_000,
    wanted: "all",
    retry: false,
    parallel: 2,
    signal: context.signal,
    onProgress: () => {},
  });
  assert.deepEqual(
    [report.drafted, report.failed, report.stopped],
    [4, {}, undefined],
    server.output.slice(-2_000),
  );
  assert.deepEqual(report.readings, { look: { json: 4 }, tidy: { json: 4 } });
  assert.equal(await readMetadata(dir), before);

  const desk = new CaptionDesk({ datasetDir, room, cast: show.cast, who: "ada" });
  const { open } = await desk.look();
  const wolf = open.find(({ draft }) => draft.file_name === "wolf-01.jpg");
  assert.ok(wolf);
  assert.match(wolf.draft.caption, /^The Wolf Somebody stands in the light/);
  // The model chose members by chance: those who are not framed have to be confirmed.
  const decided = await desk.decide(wolf.id, {
    decision: "accept",
    despite: wolf.draft.flags.map(({ about }) => about),
  });
  assert.equal(decided.state, "written");
  await desk.undo();
  assert.equal(await readMetadata(dir), before);
});
