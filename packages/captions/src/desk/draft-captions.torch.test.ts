import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readShow } from "@followspot/show";
import { pythonForTests, QWEN_MODELS, tinyQwenForTests, tritonForTests } from "@followspot/testkit";
import { openWriter } from "../models/open-writer.ts";
import { planPrompts } from "../prompts/plan-prompts.ts";
import { captionShow, readMetadata } from "../testdata/caption-show.ts";
import { CaptionDesk } from "./caption-desk.ts";
import { openRoom } from "./caption-room.ts";
import { FAILURES, isDraft } from "./draft.ts";
import { draftCaptions, draftsOf } from "./draft-captions.ts";

// A real tritonserver with a small Qwen2-VL, which learnt to write lists of names and nothing else: every answer is
// held to the schema or refused, and what comes of it is a matter for a person.
const FILES = ["red-01.jpg", "wolf-01.jpg"];
const environment = await pythonForTests("torch");

test("with a small Qwen2-VL each picture gets a draft or a reason, and nothing is written until a person says so", {
  skip: environment.skip,
}, async (context) => {
  if (!environment.python) return;
  const weights = await tinyQwenForTests(environment.python);
  const { repository, model: name } = QWEN_MODELS.words;
  const server = await tritonForTests(
    {
      repositories: [repository],
      models: [name],
      stub: environment.python,
      env: { OMP_NUM_THREADS: "1", FOLLOWSPOT_TINY_WEIGHTS: weights, FOLLOWSPOT_TINY_ADAPTERS: "" },
    },
    context,
  );
  const dir = await captionShow(context, { files: FILES, captioned: ["wolf-01.jpg"] });
  const datasetDir = join(dir, "dataset");
  const show = await readShow(dir);
  const room = await openRoom(datasetDir, { show });
  const model = await openWriter({ address: server.address, model: name }, { option: "--vision" });
  context.after(() => model.close());
  assert.ok(model.constrained);
  const plan = planPrompts({ show, bible: undefined, lookModel: model, tidyModel: model });
  const before = await readMetadata(dir);

  // One picture is looked at, and the caption of the other is tidied.
  for (const look of [{ model, system: plan.look }, undefined]) {
    const report = await draftCaptions({
      datasetDir,
      room,
      look,
      tidy: { model, system: plan.tidy },
      cast: show.cast,
      family: show.recognizer.family,
      maxPixels: show.recognizer.maxPixels,
      deadlineMs: 120_000,
      wanted: look ? "missing" : "given",
      retry: false,
      parallel: 1,
      signal: context.signal,
      onProgress: () => {},
    });
    context.diagnostic(JSON.stringify(report));
    assert.equal(report.stopped, undefined, server.output.slice(-2_000));
    const failed = FAILURES.reduce((sum, failure) => sum + (report.failed[failure] ?? 0), 0);
    assert.equal(report.drafted + failed, 1);
    assert.ok(report.answers.read + report.answers.unreadable >= 1, "the model was asked, and answered");
  }
  assert.equal(await readMetadata(dir), before);

  const lines = await draftsOf(datasetDir).read();
  assert.equal(lines.length, 2);
  const known = new Set([...show.cast.map(({ id }) => id), "unknown"]);
  for (const draft of lines.filter(isDraft)) {
    assert.ok(
      draft.who.every((id) => known.has(id)),
      "who is a closed set, whatever the model would rather say",
    );
  }
  const desk = new CaptionDesk({ datasetDir, room, cast: show.cast, who: "ada" });
  for (const { id } of (await desk.look()).open) await desk.decide(id, { decision: "refuse" });
  assert.equal(await readMetadata(dir), before);
});
