import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readShow } from "@followspot/show";
import { llamaForTests, pythonForTests } from "@followspot/testkit";
import { openWriter, parseWriterPlace } from "../models/open-writer.ts";
import { planPrompts } from "../prompts/plan-prompts.ts";
import { captionShow, readMetadata } from "../testdata/caption-show.ts";
import { openRoom } from "./caption-room.ts";
import { draftCaptions, draftsOf } from "./draft-captions.ts";

// A real llama.cpp server with a vision-language model of random weights: what it says has no sense, and still the form.
const environment = await pythonForTests("llama");

test("llama.cpp keeps a model of random weights to the form of both questions", {
  skip: environment.skip,
}, async (context) => {
  if (!environment.python) return;
  const llama = await llamaForTests({ python: environment.python.python });
  const dir = await captionShow(context, { files: ["wolf-01.jpg"] });
  const datasetDir = join(dir, "dataset");
  const show = await readShow(dir);
  const before = await readMetadata(dir);
  const model = await openWriter(parseWriterPlace(`openai:${llama.url}`, "--text"), { option: "--text" });
  context.after(() => model.close());
  const plan = planPrompts({ show, bible: undefined, tidyModel: model });
  const report = await draftCaptions({
    datasetDir,
    room: await openRoom(datasetDir, { show }),
    look: { model, system: plan.look },
    tidy: { model, system: plan.tidy },
    cast: show.cast,
    family: "qwen2-vl",
    maxPixels: 100_352,
    deadlineMs: 60_000,
    wanted: "missing",
    retry: false,
    parallel: 1,
    signal: context.signal,
    onProgress: () => {},
  });
  assert.equal(report.stopped, undefined, llama.output().slice(-2_000));
  assert.equal(
    report.drafted + (report.failed["unreadable-tidying"] ?? 0),
    1,
    "the descriptions could be read",
  );
  for (const line of await draftsOf(datasetDir).read()) {
    // Cut off where its small context ends, and then refused; but begun as the schema says.
    if ("failed" in line) assert.match(line.said ?? "", /^\{\s*"who"\s*:\s*\[/);
  }
  assert.equal(await readMetadata(dir), before);
});
